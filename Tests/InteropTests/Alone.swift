import CLinux
import Foundation
import Interop

/// Our program on a loopback address of its own, for who comes from other loopback addresses.
final class Alone {
    let us: Peerglass
    let port: UInt16
    private let folder: URL

    /// Makes its files for the neighbors 127.0.0.2, 127.0.0.3 and so on; nothing runs yet.
    ///
    /// - Parameters:
    ///   - count: How many neighbors, at most 500.
    ///   - neighbor: Lines for each.
    /// - Throws: Where the folder cannot be made.
    init(count: Int = 2, neighbor: String = "") throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "peerglass-interop-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        port = try Self.freePort()
        var text = "AS 65001\nrouter-id 192.0.2.1\nfib-update no\n"
        text += "listen on 127.0.0.1 port \(port)\n"
        for host in 2..<2 + count {
            text += "neighbor 127.0.\(host >> 8).\(host & 255) {\n"
            text += "remote-as \(65000 + host)\npassive\n"
            text += "\(neighbor)\n}\n"
        }
        us = try Peerglass(text, in: nil, folder: folder)
    }

    deinit {
        us.end()
        try? FileManager.default.removeItem(at: folder)
    }

    /// How many descriptors it has open.
    func descriptors() throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(try process())/fd")
            .compactMap { Int($0) }
    }

    /// The most memory that it has had, in KiB.
    func highestMemory() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(try process())/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let number = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw InteropError("no VmHWM") }
        return number
    }

    /// Hundredths of a second that it has computed.
    func ticks() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(try process())/stat", encoding: .utf8)
        let words = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard words.count > 12, let user = Int(words[11]), let system = Int(words[12]) else {
            throw InteropError("no times in /proc/PID/stat")
        }
        return user + system
    }

    /// How often its log has those words.
    func count(_ words: String) throws -> Int {
        try us.log().split(separator: "\n").count { $0.contains(words) }
    }

    func process() throws -> Int32 {
        guard let process = us.processIdentifier else { throw InteropError("it does not run") }
        return process
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = cl_tcp_socket(4)
        defer { _ = cl_close(descriptor) }
        var address = cl_address(loopback: 1, port: 0)
        guard cl_bind(descriptor, &address) >= 0, cl_local_address(descriptor, &address) >= 0 else {
            throw InteropError("no free port")
        }
        return address.port
    }
}

/// A connection to our program, closed with the value.
final class Visitor {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Begins to connect from 127.0.0.0 + `host`.
    ///
    /// - Parameters:
    ///   - host: Where from.
    ///   - port: Where to, on 127.0.0.1.
    ///   - checksTTL: Sends with TTL 255 and takes nothing with less (RFC 5082).
    /// - Throws: Where there is no socket for it.
    init(from host: Int, to port: UInt16, checksTTL: Bool = false) throws {
        descriptor = cl_tcp_socket(4)
        if checksTTL {
            _ = cl_set_ttl(descriptor, 4, 255)
            _ = cl_set_minimum_ttl(descriptor, 4, 255)
        }
        var address = cl_address(loopback: host, port: 0)
        var peer = cl_address(loopback: 1, port: port)
        guard descriptor >= 0, cl_bind(descriptor, &address) >= 0 else {
            throw InteropError("no socket for neighbor \(host)")
        }
        _ = cl_connect(descriptor, &peer)
    }

    deinit { _ = cl_close(descriptor) }

    /// Sends an OPEN of AS 65000 + `host` with that hold time, in seconds, and a KEEPALIVE.
    func open(from host: Int, holdTime: UInt8) {
        let number: [UInt8] = [UInt8((65000 + host) >> 8), UInt8((65000 + host) & 255)]
        let unicastAndFourOctets: [UInt8] = [2, 12, 1, 4, 0, 1, 0, 1, 65, 4, 0, 0] + number
        let identifier: [UInt8] = [192, 0, 2 + UInt8(host >> 8), UInt8(host & 255)]
        send(
            Self.marker + [0, 43, 1, 4] + number + [0, holdTime] + identifier + [14]
                + unicastAndFourOctets
        )
        keepalive()
    }

    /// Sends a KEEPALIVE.
    func keepalive() { send(Self.marker + [0, 19, 4]) }

    private static let marker = [UInt8](repeating: 0xFF, count: 16)

    /// Sends bytes, which fit into the socket.
    func send(_ bytes: [UInt8]) {
        _ = cl_write(descriptor, bytes, bytes.count)
    }

    /// The type of the first message that came, nil before it.
    func firstMessageType() -> UInt8? {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = cl_read(descriptor, &bytes, bytes.count)
        if count > 0 { received += bytes.prefix(count) }
        return received.count > 18 ? received[18] : nil
    }
}

extension cl_address {
    /// The address 127.0.0.0 + `host`.
    fileprivate init(loopback host: Int, port: UInt16) {
        self.init()
        length = 4
        self.port = port
        bytes.0 = 127
        bytes.2 = UInt8(host >> 8)
        bytes.3 = UInt8(host & 255)
    }
}
