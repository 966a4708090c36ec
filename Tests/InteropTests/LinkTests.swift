import Foundation
import Interop
import Testing

/// Sessions that hang on a link: link-local neighbors, and `depend on`.
@Suite(.serialized, .enabled(if: Namespace.arePermitted, "network namespaces are not permitted"))
final class LinkTests {
    private let folder: URL
    private let spaces: [Namespace]
    private var running: [Peerglass] = []

    /// Two namespaces with a link, fe80::1 on the one side and fe80::2 on the other.
    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "peerglass-interop-\(UUID().uuidString.prefix(8))")
        spaces = [try Namespace("one"), try Namespace("two")]
        try Namespace.link(
            spaces[0],
            "one",
            ["fe80::1/64"],
            spaces[1],
            "two",
            ["fe80::2/64"]
        )
    }

    deinit {
        for router in running { router.end() }
        try? FileManager.default.removeItem(at: folder)
    }

    private func router(_ place: Int, _ statements: String) async throws -> Peerglass {
        let own = folder.appending(path: "r\(place + 1)")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let router = try Peerglass(
            """
            AS \(65001 + place)
            router-id 192.0.2.\(place + 1)
            network 2001:db8:\(place + 1)::/48
            \(statements)
            allow from any
            allow to any

            """,
            in: spaces[place],
            folder: own
        )
        running.append(router)
        try await router.start()
        return router
    }

    @Test
    func `a link-local neighbor and one that a template makes of it bring each other's routes`()
        async throws
    {
        let first = try await router(
            0,
            "neighbor fe80::2%two {\nremote-as 65002\nconnect-retry 1\n}"
        )
        let second = try await router(1, "neighbor fe80::/10 {\ndescr \"on a link\"\n}")
        try await waitUntil("the session is up", telling: { first.story + second.story }) {
            try first.state("fe80::2") == "Established"
                && second.state("fe80::1") == "Established"
        }
        for (place, gateway) in [(0, "fe80::2"), (1, "fe80::1")] {
            var seen: [String] = []
            try await waitUntil(
                "the kernel has the route",
                telling: { "\(seen)\n\(self.running[place].story)" }
            ) {
                seen = try KernelRoute.all(in: self.spaces[place]).map(\.description)
                return seen == [
                    "2001:db8:\(2 - place)::/48 via \(gateway) table main proto bgp metric 186"
                ]
            }
        }
        let words = try second.words(on: "fe80::1")
        #expect(words.contains("remote AS 65001, Cloned, Passive"))
        #expect(try second.log().contains("neighbor fe80::1%one (on a link)"))
    }

    @Test func `depend on: the session goes with the link and comes with it`() async throws {
        try spaces[0].ip("addr add 2001:db8:9::1/64 dev two nodad")
        try spaces[1].ip("addr add 2001:db8:9::2/64 dev one nodad")
        try spaces[0].ip("link add stub type veth peer name stub2")
        try spaces[0].ip("link set stub2 up")
        try spaces[0].ip("link set stub up")
        let first = try await router(
            0,
            "neighbor 2001:db8:9::2 {\nremote-as 65002\nconnect-retry 1\ndepend on stub\n}"
        )
        let second = try await router(
            1,
            "neighbor 2001:db8:9::1 {\nremote-as 65001\nconnect-retry 1\n}"
        )
        func wait(_ state: String) async throws {
            try await waitUntil("the session is \(state)", telling: { first.story }) {
                try first.state("2001:db8:9::2") == state
            }
        }
        try await wait("Established")
        try spaces[0].ip("link set stub2 down")
        try await wait("Idle")
        #expect(try first.words(on: "2001:db8:9::2").contains("depends on stub, which has no link"))
        try await waitUntil("the other side knows why", telling: { second.story }) {
            try second.log().contains("stub has no link")
        }
        try spaces[0].ip("link set stub2 up")
        try await wait("Established")
    }
}
