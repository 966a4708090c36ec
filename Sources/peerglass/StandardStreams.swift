import Glibc

/// Standard output and standard error.
enum StandardStreams {
    /// Text for standard output.
    static func output() -> Output {
        Output { write($0, to: STDOUT_FILENO) }
    }

    /// One line for standard error.
    static func complain(_ text: String) {
        _ = write(Array(text.utf8) + [UInt8(ascii: "\n")], to: STDERR_FILENO)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
