import Addressing
import BGPWire
import CLinux
import Foundation

/// A neighbor that connects, announces a table and then only keeps the session alive.
enum Sender {
    static let autonomousSystem: UInt32 = 65002

    /// Sends `count` prefixes to the daemon at `peer`; returns when the session has ended.
    static func run(from local: IPAddress, to peer: IPAddress, count: Int) -> Int32 {
        var table = SentTable(seed: 1)
        let stream = table.updates(count, from: autonomousSystem, nextHop: local)
        let descriptor = connect(local, peer)
        var capabilities = Capabilities()
        capabilities.families = .ipv4
        capabilities.fourOctetAS = ASNumber(autonomousSystem)
        var greeting: [UInt8] = []
        OpenMessage(
            twoOctetAS: UInt16(autonomousSystem),
            holdTime: 0,
            identifier: local.ipv4Bits,
            capabilities: capabilities
        ).encode(to: &greeting)
        KeepaliveMessage.encode(to: &greeting)
        guard write(greeting, to: descriptor), waitForKeepalive(descriptor) else { return 1 }
        FileHandle.standardOutput.write(Data("sending\n".utf8))
        guard write(stream, to: descriptor) else { return 1 }
        while true {
            var scratch = [UInt8](repeating: 0, count: 4096)
            if cl_read(descriptor, &scratch, scratch.count) <= 0 { break }
        }
        return 0
    }

    private static func endpoint(_ address: IPAddress, _ port: UInt16) -> cl_address {
        var result = cl_address()
        result.length = 4
        result.port = port
        withUnsafeMutableBytes(of: &result.bytes) { bytes in
            for index in 0..<4 { bytes[index] = address.byte(at: index) }
        }
        return result
    }

    /// Tries for as long as the daemon takes to listen.
    private static func connect(_ local: IPAddress, _ peer: IPAddress) -> Int32 {
        while true {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var remote = endpoint(peer, 179)
            if cl_connect(descriptor, &remote) == 0 { return descriptor }
            _ = cl_close(descriptor)
            usleep(20_000)
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBufferPointer { buffer -> Int in
                guard let base = buffer.baseAddress else { return -1 }
                return cl_write(descriptor, base + sent, min(buffer.count - sent, 1 << 20))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func waitForKeepalive(_ descriptor: Int32) -> Bool {
        var received: [UInt8] = []
        var scratch = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = cl_read(descriptor, &scratch, scratch.count)
            guard count > 0 else { return false }
            received += scratch.prefix(count)
            var offset = 0
            while case .message(let type, _) = MessageFraming.next(in: received.span, at: &offset) {
                if type == .keepalive { return true }
                if type == .notification { return false }
            }
        }
    }
}
