import PythonHost
print(hostVersion())
