import Addressing
import Glibc

/// What the host says of itself.
enum HostAddress {
    /// The highest IPv4 address of the host that is not loopback; nil where there is none.
    static func highestIPv4() -> IPAddress? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return nil }
        defer { freeifaddrs(list) }
        var best: IPAddress?
        var entry = list
        while let present = entry {
            entry = present.pointee.ifa_next
            guard let socketAddress = present.pointee.ifa_addr,
                socketAddress.pointee.sa_family == sa_family_t(AF_INET)
            else { continue }
            let bits = socketAddress.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
            }
            let address = IPAddress(ipv4: bits)
            if address.isLoopback { continue }
            if best.map({ $0 < address }) ?? true { best = address }
        }
        return best
    }

    /// The name of the host up to its first dot.
    static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let name = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: name.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
    }

    static func processID() -> Int32 { getpid() }
}
