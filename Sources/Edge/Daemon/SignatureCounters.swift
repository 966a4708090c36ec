import Glibc
import Speaker

extension SignatureDrops {
    /// The counters of this network namespace; nil where the kernel does not tell them.
    static func read() -> SignatureDrops? {
        guard let file = fopen("/proc/thread-self/net/netstat", "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 32_768)
        let count = fread(&bytes, 1, bytes.count, file)
        return SignatureDrops(netstat: String(decoding: bytes.prefix(count), as: UTF8.self))
    }

    /// Finds the counters in the text of `/proc/net/netstat`: a line of names, then one of values.
    init?(netstat text: String) {
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("TcpExt:") }
        guard lines.count == 2 else { return nil }
        let names = lines[0].split(separator: " ")
        let values = lines[1].split(separator: " ")
        func value(_ name: String) -> UInt64? {
            guard let place = names.firstIndex(where: { $0 == name }), place < values.count else {
                return nil
            }
            return UInt64(values[place])
        }
        guard let missing = value("TCPMD5NotFound"), let unexpected = value("TCPMD5Unexpected"),
            let wrong = value("TCPMD5Failure")
        else { return nil }
        self.init(missing: missing, unexpected: unexpected, wrong: wrong)
    }
}
