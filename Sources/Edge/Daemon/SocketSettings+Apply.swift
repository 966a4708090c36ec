import Addressing
import BGPSession
import CLinux
import Speaker

extension SocketSettings {
    /// Makes a socket what a neighbor's configuration asks for; nil where all of it took.
    func apply(to descriptor: Int32, peer: IPAddress, scope: UInt32) -> SocketRefusal? {
        let length = UInt8(peer.family.byteCount)
        if let md5Key {
            var address = cl_address(peer, port: 0, scope: scope)
            let result = md5Key.withUnsafeBufferPointer {
                cl_set_md5(descriptor, &address, -1, $0.baseAddress, $0.count)
            }
            if result < 0 { return .authentication(errno: -result) }
        }
        if let timeToLive {
            let result = cl_set_ttl(descriptor, length, Int32(timeToLive))
            if result < 0 { return .option(name: "TTL \(timeToLive)", errno: -result) }
        }
        if let minimumTimeToLive {
            let result = cl_set_minimum_ttl(descriptor, length, Int32(minimumTimeToLive))
            if result < 0 {
                return .option(name: "lowest TTL \(minimumTimeToLive)", errno: -result)
            }
        }
        // Marking and batching are comfort: a kernel that refuses them costs no session.
        _ = cl_set_dscp_network_control(descriptor, length)
        _ = cl_set_no_delay(descriptor)
        return nil
    }
}
