import CLinux
import Glibc

/// The command `ip` of iproute2.
enum IPCommand {
    /// Runs commands one after the other and stops at the first that fails.
    ///
    /// - Parameters:
    ///   - commands: What would follow `ip`.
    ///   - namespace: The namespace to run them in; nil for the caller's.
    /// - Throws: ``LabFault/noIPRoute2`` or ``LabFault/network(_:_:)`` with what `ip` said.
    static func run(_ commands: [String], in namespace: String? = nil) throws(LabFault) {
        for command in commands {
            _ = try answer(command, in: namespace)
        }
    }

    /// What `ip` answers to one command.
    static func answer(_ command: String, in namespace: String? = nil) throws(LabFault) -> String {
        let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"]
        guard let program = folders.map({ $0 + "/ip" }).first(where: { access($0, X_OK) == 0 })
        else { throw .noIPRoute2 }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .network(command, SystemWords.last) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        defer { close(ends[0]) }
        let started: Result<ChildProcess, LabFault>
        do throws(LabFault) {
            started = .success(
                try ChildProcess.start(
                    "ip",
                    program,
                    command.split(separator: " ").map(String.init),
                    namespace: namespace,
                    output: ends[1],
                    errors: ends[1],
                    endsWithUs: .bound
                )
            )
        } catch {
            started = .failure(error)
        }
        close(ends[1])
        let child = try started.get()
        let text = SystemWords.everything(from: ends[0])
        var status: Int32 = 0
        while waitpid(child.process, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else {
            throw .network(command, text.split(separator: "\n").joined(separator: "; "))
        }
        return text
    }
}

/// What the system says.
enum SystemWords {
    /// The words for the last call that failed.
    static var last: String { String(cString: cl_error_text(errno)) }

    /// Reads to the end of a pipe.
    static func everything(from descriptor: Int32) -> String {
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count > 0 {
                text += piece[..<count]
            } else if count == 0 || errno != EINTR {
                return String(decoding: text, as: UTF8.self)
            }
        }
    }
}
