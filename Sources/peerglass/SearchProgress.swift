import Glibc

/// How far a long search has come: a line on the terminal, gone when there is something to show.
struct SearchProgress {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var percent: UInt32?

    /// Shows millionths as percent.
    mutating func show(_ millionths: UInt32) {
        guard isShown, percent != millionths / 10_000 else { return }
        percent = millionths / 10_000
        write("\r\(millionths / 10_000) % looked through")
    }

    /// Takes the line away.
    mutating func clear() {
        guard percent != nil else { return }
        percent = nil
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
