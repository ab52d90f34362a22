"""Paths, orders, colours and cycles of small graphs."""

import random

import networkx

edges = [random.sample(range(30), 2) for _ in range(60)]
graph = networkx.Graph()
for a, b in edges:
    graph.add_edge(a, b, weight=(a * b) % 5 + 1)
end = edges[7][1]
print(networkx.dijkstra_path(graph, edges[0][0], end))
print(networkx.bellman_ford_path_length(graph, edges[0][0], end))
print(networkx.astar_path(graph, edges[0][0], end, heuristic=lambda a, b: 0))
print(list(networkx.bfs_edges(graph, edges[0][0]))[:9])
print(list(networkx.dfs_postorder_nodes(graph, edges[0][0]))[:9])
print(sorted(networkx.greedy_color(graph).values()), networkx.is_bipartite(graph))

steps = networkx.DiGraph([("plan", "build"), ("build", "test"), ("plan", "test"), ("test", "ship")])
print(networkx.single_source_shortest_path(steps, "plan"))
try:
    networkx.find_cycle(steps)
except networkx.NetworkXNoCycle as error:
    print(error)
steps.add_edge("ship", "plan")
print(networkx.find_cycle(steps), networkx.is_directed_acyclic_graph(steps))
