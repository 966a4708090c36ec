import Addressing
import CLinux
import Configuration
import Speaker

/// Sockets that neighbors connect to.
struct Listener {
    let address: ListenAddress
    let descriptor: Int32
    private var keys: [ListenKey] = []
    /// Neighbors and templates whose key could not be set: their connections are refused, never unauthenticated.
    private var refusedKeys: [(prefix: IPPrefix, errno: Int32)] = []

    /// Opens a listening socket with the keys of its neighbors.
    ///
    /// - Parameters:
    ///   - address: where it listens.
    ///   - keys: the TCP MD5 keys of neighbors; those of another family are passed over.
    ///   - timeToLive: what its answers to a SYN leave with; nil for the system's own.
    /// - Throws: ``DaemonFault`` with what was refused.
    init(
        _ address: ListenAddress,
        keys: [ListenKey],
        timeToLive: UInt8?
    ) throws(DaemonFault) {
        self.address = address
        let length = UInt8(address.address.family.byteCount)
        descriptor = cl_tcp_socket(length)
        let place = "\(address.address) port \(address.port)"
        guard descriptor >= 0 else {
            throw .listen(place: place, operation: "open a socket", errno: -descriptor)
        }
        _ = cl_set_reuse_address(descriptor)
        if address.address.family == .ipv6 { _ = cl_set_ipv6_only(descriptor) }
        setKeys(keys)
        if let timeToLive {
            let result = cl_set_ttl(descriptor, length, Int32(timeToLive))
            if result < 0 {
                _ = cl_close(descriptor)
                throw .listen(place: place, operation: "set TTL \(timeToLive)", errno: -result)
            }
        }
        var local = cl_address(
            address.address,
            port: address.port,
            scope: address.scope.map { cl_interface_index($0) } ?? 0
        )
        // A thousand connections at once are not refused.
        var result = cl_bind(descriptor, &local)
        if result >= 0 { result = cl_listen(descriptor, 1024) }
        if result < 0 {
            _ = cl_close(descriptor)
            throw .listen(place: place, operation: "listen", errno: -result)
        }
    }

    /// Has these keys from now on and no others; those of another family are passed over.
    mutating func setKeys(_ wanted: [ListenKey]) {
        let mine = wanted.filter { $0.address.family == address.address.family }
        for gone in keys where !mine.contains(gone) { _ = set(gone, []) }
        refusedKeys = []
        for key in mine {
            let result = set(key, key.key)
            if result < 0 { refusedKeys.append((key.prefix, -result)) }
        }
        keys = mine
    }

    /// Sets a key, or with no octets takes it away; gives a negative errno where the system refuses.
    private func set(_ key: ListenKey, _ octets: [UInt8]) -> Int32 {
        var peer = cl_address(key.address, port: 0)
        return octets.withUnsafeBufferPointer {
            let length = key.prefixLength.map(Int32.init) ?? -1
            return cl_set_md5(descriptor, &peer, length, $0.baseAddress, $0.count)
        }
    }

    /// What its answers to a SYN leave with from now on; nil for the system's own.
    func setTimeToLive(_ timeToLive: UInt8?) {
        let length = UInt8(address.address.family.byteCount)
        _ = cl_set_ttl(descriptor, length, timeToLive.map(Int32.init) ?? -1)
    }

    /// Why the key for connections from that address could not be set; nil where nothing is wrong.
    func keyRefusal(for address: IPAddress) -> Int32? {
        let key = keys.filter { $0.prefix.contains(address) }
            .max { $0.prefix.length < $1.prefix.length }
        return refusedKeys.first { $0.prefix == key?.prefix }?.errno
    }
}
