import Glibc

/// What labs have left behind that were killed together with their keeper.
enum Leftovers {
    /// What the names of all namespaces and folders of labs start with.
    static let name = "peerglass"

    /// Takes away namespaces and folders of labs whose process is gone.
    static func sweep() {
        for namespace in LabFolder.names(in: "/run/netns") {
            let parts = namespace.split(separator: "-")
            guard parts.count == 3, parts[0] == name, isGone(parts[1]) else { continue }
            remove(namespace: namespace)
        }
        for folder in LabFolder.names(in: "/tmp") {
            let parts = folder.split(separator: "-")
            guard parts.count == 3, parts[0] == name, parts[1] == "lab", isGone(parts[2])
            else { continue }
            LabFolder(path: "/tmp/\(folder)").remove()
        }
    }

    /// Ends what runs in a namespace and deletes it; nothing happens where it is not there.
    ///
    /// - Parameters:
    ///   - namespace: Its name.
    ///   - spared: A process that may be in it and ends by itself.
    static func remove(namespace: String, sparing spared: pid_t = getpid()) {
        guard access("/run/netns/\(namespace)", F_OK) == 0 else { return }
        for signal in [SIGTERM, SIGKILL] {
            let end = ContinuousClock.now + .seconds(2)
            var processes = processes(in: namespace).filter { $0 != spared }
            for process in processes { kill(process, signal) }
            while !processes.isEmpty, ContinuousClock.now < end {
                usleep(5_000)
                processes = self.processes(in: namespace).filter { $0 != spared }
            }
        }
        try? IPCommand.run(["netns del \(namespace)"])
    }

    private static func processes(in namespace: String) -> [pid_t] {
        let answer = (try? IPCommand.answer("netns pids \(namespace)")) ?? ""
        return answer.split(separator: "\n").compactMap { pid_t($0) }
    }

    private static func isGone(_ text: Substring) -> Bool {
        guard let process = pid_t(text) else { return false }
        return kill(process, 0) != 0 && errno == ESRCH
    }
}
