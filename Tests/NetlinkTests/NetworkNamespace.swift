import CLinux
import Glibc
import Testing

/// A network namespace of the test's own, with a pair of links, taken away at the end.
final class NetworkNamespace {
    /// Whether this process may make namespaces and links; tests that need them are skipped where not.
    static let arePermitted: Bool = {
        let name = "pgk\(getpid())p"
        let made = shell("ip netns add \(name) && ip -n \(name) link add v0 type veth peer name v1")
        shell("ip netns del \(name)")
        return made
    }()

    let name: String

    /// Makes a namespace in which v0 and v1 are two ends of a cable: v0 has 10.0.0.1/24 and 2001:db8::1/64.
    init(_ suffix: String) throws {
        name = "pgk\(getpid())\(suffix)"
        try #require(Self.shell("ip netns add \(name)"))
        run("link set lo up")
        run("link add v0 type veth peer name v1")
        run("link set v0 up")
        run("link set v1 up")
        run("addr add 10.0.0.1/24 dev v0")
        run("-6 addr add 2001:db8::1/64 dev v0 nodad")
    }

    deinit { Self.shell("ip netns del \(name)") }

    /// Runs `ip` in the namespace.
    func run(_ command: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Self.shell("ip -n \(name) \(command)"), sourceLocation: sourceLocation)
    }

    /// What `ip` in the namespace prints.
    func output(_ command: String) -> String {
        guard let pipe = popen("ip -n \(name) \(command) 2>&1", "r") else { return "" }
        defer { pclose(pipe) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Runs a block on a thread of its own inside the namespace.
    func inside<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result
    {
        let job = Job(path: "/run/netns/\(name)", body: body)
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(job)
        pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<AnyJob>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            argument.toOpaque()
        )
        pthread_join(thread, nil)
        return try #require(job.result).get()
    }

    @discardableResult
    private static func shell(_ command: String) -> Bool {
        system("{ \(command); } >/dev/null 2>&1") == 0
    }
}

private class AnyJob {
    func run() {}
}

private final class Job<Result>: AnyJob {
    private let path: String
    private let body: () throws -> Result
    var result: Swift.Result<Result, any Error>?

    init(path: String, body: @escaping () throws -> Result) {
        self.path = path
        self.body = body
    }

    override func run() {
        let entered = cl_enter_network_namespace(path)
        result = Swift.Result {
            guard entered == 0 else { throw NamespaceError(errno: -entered) }
            return try body()
        }
    }
}

struct NamespaceError: Error {
    var errno: Int32
}

/// Takes CAP_NET_ADMIN from the calling thread alone; false where that did not work.
func dropNetworkAdministration() -> Bool {
    typealias Call = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32
    guard let get = dlsym(nil, "capget"), let set = dlsym(nil, "capset") else { return false }
    // Version 3 and this thread; then effective, permitted and inheritable of 32 capabilities, twice.
    var header: [UInt32] = [0x2008_0522, 0]
    var sets = [UInt32](repeating: 0, count: 6)
    guard unsafeBitCast(get, to: Call.self)(&header, &sets) == 0 else { return false }
    sets[0] &= ~(1 << 12)
    return unsafeBitCast(set, to: Call.self)(&header, &sets) == 0
}
