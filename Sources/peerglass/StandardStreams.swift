import Glibc

/// Standard error, written at once.
enum StandardError {
    static func write(_ text: String) { Descriptor.write(text, to: 2) }
}

/// Standard output, written at once.
enum StandardOutput {
    static func write(_ text: String) { Descriptor.write(text, to: 1) }
}

private enum Descriptor {
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return
            }
            bytes = bytes.dropFirst(written)
        }
    }
}
