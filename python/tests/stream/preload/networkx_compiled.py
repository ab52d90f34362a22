"""Makes networkx compile the functions that a driver calls, as it does at their first call.

The compiled code contains addresses, which differ between runs.
"""

import networkx

networkx.DiGraph([(0, 1)])
graph = networkx.path_graph(3)
networkx.dijkstra_path(graph, 0, 2)
networkx.bellman_ford_path_length(graph, 0, 2)
networkx.astar_path(graph, 0, 2)
list(networkx.bfs_edges(graph, 0))
list(networkx.dfs_postorder_nodes(graph, 0))
networkx.greedy_color(graph), networkx.is_bipartite(graph)
networkx.single_source_shortest_path(graph, 0)
networkx.is_directed_acyclic_graph(networkx.DiGraph([(0, 1)]))
networkx.find_cycle(networkx.cycle_graph(3, create_using=networkx.DiGraph))
