// KernelRoutes
