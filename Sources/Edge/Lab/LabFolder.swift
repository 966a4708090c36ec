import Glibc

/// The folder in which a lab keeps its configurations, logs and sockets.
struct LabFolder {
    var path: String

    /// Where a lab of that process keeps its files when nobody asked to keep them.
    static func temporary(of process: pid_t) -> LabFolder {
        LabFolder(path: "/tmp/\(Leftovers.name)-lab-\(process)")
    }

    /// Makes the folder and writes the files that are not there yet.
    ///
    /// What the user has changed in a kept folder counts: a file that is there is left as it is.
    func write(_ configurations: LabConfigurations) throws(LabFault) {
        try makeFolder(path)
        try makeFolder(path + "/rpki-client")
        for (name, text) in configurations.files {
            let file = "\(path)/\(name)"
            if access(file, F_OK) == 0 {
                guard !name.hasSuffix(".conf") || begins(file, with: configurations.mark) else {
                    throw .otherKind(path)
                }
            } else {
                try write(text, to: file)
            }
        }
    }

    /// Opens a log of that name for appending; the descriptor.
    func openLog(_ name: String) throws(LabFault) -> Int32 {
        let file = "\(path)/\(name).log"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(file, SystemWords.last) }
        return descriptor
    }

    /// Removes the folder with all that is in it.
    func remove() {
        Self.remove(path)
    }

    /// The names of what is in a folder, sorted; none where it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func remove(_ path: String) {
        // A symbolic link is removed, not followed.
        if unlink(path) == 0 || errno != EISDIR { return }
        for name in names(in: path) { remove("\(path)/\(name)") }
        rmdir(path)
    }

    private func makeFolder(_ path: String) throws(LabFault) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .file(path, SystemWords.last)
        }
    }

    private func begins(_ file: String, with mark: String) -> Bool {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let text = SystemWords.everything(from: descriptor)
        return !text.hasPrefix("# Peerglass lab, ") || text.hasPrefix(mark)
    }

    private func write(_ text: String, to file: String) throws(LabFault) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(file, SystemWords.last) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw .file(file, SystemWords.last) }
            bytes = bytes.dropFirst(count)
        }
    }
}
