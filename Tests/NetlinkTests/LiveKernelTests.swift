import Addressing
import CLinux
import KernelRoutes
import Testing

@testable import Netlink

/// Our side against a real kernel, in a namespace of each test's own.
@Suite(
    .serialized,
    .enabled(if: NetworkNamespace.arePermitted, "network namespaces are not permitted")
)
struct `real kernel` {
    @Test func `routes of both families go in, change and go out`() throws {
        let space = try NetworkNamespace("a")
        let kernel = try LiveKernel(space)
        kernel.want("192.0.2.0/24", via: "10.0.0.2")
        kernel.want("2001:db8:1::/48", via: "2001:db8::2")
        let blackhole = kernel.routes.intern(.blackhole)
        kernel.routes.want(prefix("192.0.9.0/24"), blackhole)
        kernel.wait("three routes") { $0.counts.installed == 3 }
        #expect(
            space.output("route show proto bgp").contains(
                "192.0.2.0/24 via 10.0.0.2 dev v0 metric 186"
            )
        )
        #expect(space.output("route show proto bgp").contains("blackhole 192.0.9.0/24 metric 186"))
        #expect(space.output("-6 route show proto bgp").contains("2001:db8:1::/48 via 2001:db8::2"))

        kernel.want("192.0.2.0/24", via: "10.0.0.3")
        kernel.want("2001:db8:1::/48", via: "2001:db8::3")
        kernel.routes.unwant(prefix("192.0.9.0/24"))
        kernel.wait("two changed") { $0.counts.installed == 2 && $0.counts.ours == 2 }
        let four = space.output("route show proto bgp")
        #expect(four.split(separator: "\n").count == 1)
        #expect(four.contains("via 10.0.0.3"))
        #expect(space.output("-6 route show proto bgp").contains("via 2001:db8::3"))

        kernel.routes.withdrawAll()
        kernel.wait("nothing left") { $0.withdrawal?.isFinished == true }
        #expect(
            kernel.routes.withdrawal == KernelWithdrawal(done: 2, total: 2, isFinished: true)
        )
        #expect(space.output("route show proto bgp").isEmpty)
        #expect(space.output("-6 route show proto bgp").isEmpty)
        #expect(kernel.routes.counts.interferences == 0)
    }

    @Test func `several next hops, and an IPv4 route through an IPv6 gateway`() throws {
        let space = try NetworkNamespace("b")
        let kernel = try LiveKernel(space)
        let two = kernel.routes.intern(NextHopSet([hop("10.0.0.2"), hop("10.0.0.3", weight: 2)]))
        let six = kernel.routes.intern(NextHopSet([hop("2001:db8::2"), hop("2001:db8::3")]))
        kernel.routes.want(prefix("192.0.2.0/24"), two)
        kernel.routes.want(prefix("2001:db8:1::/48"), six)
        kernel.wait("both") { $0.counts.installed == 2 }
        kernel.routes.requestAudit()
        kernel.wait("an audit") { $0.counts.dumps == 2 }
        #expect(kernel.routes.counts.installed == 2)
        #expect(kernel.routes.counts.interferences == 0)
        #expect(space.output("route show 192.0.2.0/24").contains("weight 2"))

        // From two gateways to one, to none, to two again: each time the whole route is exchanged.
        let one = kernel.routes.intern(NextHopSet([hop("2001:db8::4")]))
        let none = kernel.routes.intern(.unreachable)
        for (set, words) in [(one, "via 2001:db8::4"), (none, "unreachable"), (six, "nexthop")] {
            kernel.routes.want(prefix("2001:db8:1::/48"), set)
            kernel.wait("the exchange") { $0.counts.installed == 2 }
            let dumps = kernel.routes.counts.dumps
            kernel.routes.requestAudit()
            kernel.wait("an audit") { $0.counts.dumps == dumps + 1 }
            #expect(kernel.routes.counts.installed == 2)
            #expect(kernel.routes.counts.interferences == 0)
            #expect(space.output("-6 route show proto bgp").contains(words))
        }
        kernel.routes.withdrawAll()
        kernel.wait("the end") { $0.withdrawal?.isFinished == true }
        #expect(space.output("-6 route show proto bgp").isEmpty)
        #expect(space.output("route show proto bgp").isEmpty)
    }

    @Test func `FRR's routes with our protocol stay, also on the same prefix`() throws {
        let space = try NetworkNamespace("c")
        space.run("route add 192.0.2.0/24 via 10.0.0.9 proto bgp metric 20")
        space.run("route add 198.51.100.0/24 via 10.0.0.9 proto bgp metric 20")
        let before = space.output("route show proto bgp")
        let kernel = try LiveKernel(space)
        kernel.want("192.0.2.0/24", via: "10.0.0.2")
        kernel.wait("ours") { $0.counts.installed == 1 }
        kernel.routes.firstConvergenceReached()
        kernel.routes.withdrawAll()
        kernel.wait("gone") { $0.withdrawal?.isFinished == true }
        #expect(space.output("route show proto bgp") == before)
    }

    @Test func `a foreign route of our metric is never replaced, and the refusal is shown`() throws
    {
        let space = try NetworkNamespace("d")
        space.run("route add 192.0.2.0/24 via 10.0.0.9 proto static metric 186")
        let kernel = try LiveKernel(space)
        kernel.want("192.0.2.0/24", via: "10.0.0.2")
        kernel.wait("a refusal") { $0.counts.refused == 1 }
        #expect(kernel.state("192.0.2.0/24") == .foreign)
        #expect(
            space.output("route show 192.0.2.0/24").contains("via 10.0.0.9 dev v0 proto static")
        )
        space.run("route del 192.0.2.0/24 proto static")
        kernel.wait("ours once the place is free") { $0.counts.installed == 1 }
    }

    @Test
    func `leftovers of an earlier run are taken over, strays swept after the first convergence`()
        throws
    {
        let space = try NetworkNamespace("e")
        space.run("route add 192.0.2.0/24 via 10.0.0.2 proto bgp metric 186")
        space.run("route add 192.0.3.0/24 via 10.0.0.2 proto bgp metric 186")
        space.run("-6 route add 2001:db8:7::/48 via 2001:db8::2 proto bgp metric 186")
        let kernel = try LiveKernel(space)
        kernel.wait("the first reading") { $0.counts.dumps == 1 }
        #expect(kernel.routes.counts.strays == 3)
        kernel.want("192.0.2.0/24", via: "10.0.0.2")
        kernel.turn()
        #expect(kernel.routes.counts.adopted == 1)
        #expect(kernel.state("192.0.2.0/24") == .installed)
        #expect(space.output("route show proto bgp").split(separator: "\n").count == 2)
        kernel.routes.firstConvergenceReached()
        kernel.wait("the sweep") { $0.counts.strays == 0 }
        #expect(kernel.routes.counts.swept == 2)
        #expect(space.output("route show proto bgp").split(separator: "\n").count == 1)
        #expect(space.output("-6 route show proto bgp").isEmpty)
        #expect(kernel.reports.contains(.swept(adopted: 1, strays: 2)))
    }

    @Test func `what another process deletes or replaces is put right`() throws {
        let space = try NetworkNamespace("f")
        let kernel = try LiveKernel(space)
        kernel.want("192.0.2.0/24", via: "10.0.0.2")
        kernel.want("2001:db8:1::/48", via: "2001:db8::2")
        kernel.wait("both") { $0.counts.installed == 2 }
        space.run("route del 192.0.2.0/24")
        kernel.wait("repair of a deletion") {
            $0.counts.interferences == 1 && $0.counts.installed == 2
        }
        #expect(space.output("route show 192.0.2.0/24").contains("via 10.0.0.2"))
        space.run("route replace 192.0.2.0/24 via 10.0.0.66 proto bgp metric 186")
        kernel.wait("repair of a change") {
            $0.counts.interferences == 2 && $0.counts.installed == 2
        }
        #expect(space.output("route show 192.0.2.0/24").contains("via 10.0.0.2"))
        space.run("-6 route del 2001:db8:1::/48")
        kernel.wait("repair of IPv6") { $0.counts.interferences == 3 && $0.counts.installed == 2 }
        #expect(space.output("-6 route show proto bgp").contains("2001:db8:1::/48"))
        space.run("-6 route replace 2001:db8:1::/48 via 2001:db8::66 proto bgp metric 186")
        kernel.wait("repair of a change of IPv6") {
            $0.counts.interferences == 4 && $0.counts.installed == 2
        }
        #expect(space.output("-6 route show proto bgp").contains("via 2001:db8::2 "))
        #expect(!space.output("-6 route show proto bgp").contains("2001:db8::66"))
        #expect(kernel.reports.contains(.interference(prefix("192.0.2.0/24"))))
    }

    @Test func `routes that a link takes with it are noticed without a word of the kernel`() throws
    {
        let space = try NetworkNamespace("g")
        let kernel = try LiveKernel(space)
        kernel.want("192.0.2.0/24", via: "10.0.0.2")
        kernel.wait("the route") { $0.counts.installed == 1 }
        let hop = TrackedNextHop(address("10.0.0.2"))
        #expect(kernel.routes.watch(hop) != .unreachable)
        space.run("link set v0 down")
        kernel.wait("the loss") { $0.counts.ours == 0 }
        kernel.wait("the refusal") { $0.counts.refused == 1 }
        let changed = kernel.routes.takeChangedNextHops()
        #expect(changed.map(\.0) == [hop])
        #expect(changed.map(\.1) == [.unreachable])
        space.run("link set v0 up")
        kernel.wait("the return") { $0.counts.installed == 1 }
        #expect(kernel.routes.resolve(hop) != .unreachable)
    }

    @Test func `what a link or its last address takes with it is told once, and nobody is blamed`()
        throws
    {
        let space = try NetworkNamespace("z")
        let kernel = try LiveKernel(space)
        kernel.wait("a reading") { $0.counts.dumps == 1 }
        let v0 = try #require(kernel.routes.interfaces.first { $0.name == "v0" }).index
        for third in 0..<200 { kernel.want("198.51.\(third).0/24", via: "10.0.0.2", v0) }
        kernel.want("2001:db8:1::/48", via: "2001:db8::2", v0)
        kernel.wait("the routes") { $0.counts.installed == 201 }
        space.run("link set v0 down")
        kernel.wait("the loss, and the reading after it") {
            $0.counts.ours == 0 && $0.counts.dumps == 2
        }
        #expect(kernel.reports.contains(.linkDown("v0", routes: 201)))
        space.run("link set v0 up")
        space.run("-6 addr add 2001:db8::1/64 dev v0 nodad")
        kernel.wait("the return") { $0.counts.installed == 201 }
        space.run("addr del 10.0.0.1/24 dev v0")
        kernel.wait("the loss of IPv4") { $0.counts.ours == 1 }
        #expect(
            kernel.reports.contains(
                .addressGone(address("10.0.0.1"), link: "v0", routes: 200)
            )
        )
        #expect(space.output("route show proto bgp").isEmpty)
        space.run("addr add 10.0.0.1/24 dev v0")
        kernel.wait("the return of IPv4") { $0.counts.installed == 201 }
        let dumps = kernel.routes.counts.dumps
        kernel.routes.requestAudit()
        kernel.wait("an audit") { $0.counts.dumps > dumps }
        #expect(kernel.routes.counts.interferences == 0)
        let blames = kernel.reports.filter {
            switch $0 {
            case .interference, .audited, .conflict: true
            default: false
            }
        }
        #expect(blames == [])
    }

    @Test func `IPv6 routes that share a prefix and metric are those that the kernel has`() throws {
        let space = try NetworkNamespace("y")
        let kernel = try LiveKernel(space)
        kernel.wait("three connected routes, one of them of each end") { $0.counts.foreign == 4 }
        #expect(kernel.routes.routes(of: prefix("fe80::/64")).count == 2)
        space.run("-6 route del fe80::/64 dev v1")
        kernel.wait("the deletion") { $0.counts.foreign == 3 }
        let v0 = try #require(kernel.routes.interfaces.first { $0.name == "v0" })
        let left = kernel.routes.routes(of: prefix("fe80::/64")).map(\.route.nextHopSet.first)
        #expect(left.map { $0?.interface } == [v0.index])
        let several = prefix("2001:db8:9::/48")
        space.run("-6 route add \(several) via 2001:db8::2 proto static")
        space.run("-6 route append \(several) via 2001:db8::3 proto static")
        space.run("route add 192.0.2.0/24 via 10.0.0.2 proto static")
        kernel.wait("both static routes") { $0.counts.foreign == 5 }
        #expect(
            kernel.routes.routes(of: several).map(\.route.nextHopSet.nextHops.count) == [2]
        )
        space.run("-6 route del \(several) via 2001:db8::2")
        space.run("route del 192.0.2.0/24")
        kernel.wait("the static route of IPv6 alone") { $0.counts.foreign == 4 }
        #expect(
            kernel.routes.routes(of: several).map(\.route.nextHopSet.nextHops.count) == [1]
        )
        let dumps = kernel.routes.counts.dumps
        kernel.routes.requestAudit()
        kernel.wait("an audit") { $0.counts.dumps == dumps + 1 }
        #expect(!kernel.reports.contains { if case .audited = $0 { true } else { false } })
    }

    @Test func `a refusal is shown with the kernel's text and tried again`() throws {
        let space = try NetworkNamespace("h")
        let kernel = try LiveKernel(space)
        kernel.want("192.0.2.0/24", via: "203.0.113.9")
        kernel.wait("the refusal") { $0.counts.refused == 1 }
        let refusal = KernelRefusal(errno: 101, text: "Nexthop has invalid gateway")
        #expect(kernel.state("192.0.2.0/24") == .refused(refusal))
        #expect(kernel.reports.contains(.refused(prefix("192.0.2.0/24"), refusal)))
        space.run("addr add 203.0.113.1/24 dev v0")
        kernel.wait("success once the gateway can be reached") { $0.counts.installed == 1 }
    }

    @Test func `an overrun of the notifications ends in a reading that finds everything`() throws {
        let space = try NetworkNamespace("i")
        let kernel = try LiveKernel(
            space,
            configuration: KernelThreadConfiguration(notificationBytes: 4096, waitingEvents: 1)
        )
        kernel.want("192.0.2.0/24", via: "10.0.0.2")
        kernel.wait("the route") { $0.counts.installed == 1 }
        // Nobody takes events meanwhile, so the thread stops reading and the buffer runs over.
        for third in 0..<60 {
            space.run("route add 198.51.\(third).0/24 via 10.0.0.3 proto static")
        }
        space.run("route del 192.0.2.0/24")
        kernel.wait("everything known and repaired") {
            $0.counts.overruns > 0 && $0.counts.foreign >= 60 && $0.counts.installed == 1
                && $0.counts.interferences == 1
        }
        #expect(kernel.reports.contains(.overrun))
        #expect(space.output("route show 192.0.2.0/24").contains("via 10.0.0.2"))
    }

    @Test func `another table is read and changed, and main left alone`() throws {
        let space = try NetworkNamespace("j")
        let kernel = try LiveKernel(space, ownership: KernelOwnership(table: 1000))
        kernel.want("192.0.2.0/24", via: "10.0.0.2")
        kernel.wait("the route") { $0.counts.installed == 1 }
        #expect(space.output("route show table 1000").contains("192.0.2.0/24 via 10.0.0.2"))
        #expect(space.output("route show proto bgp").isEmpty)
    }

    @Test func `a table has one owner in each namespace`() throws {
        let space = try NetworkNamespace("k")
        let other = try NetworkNamespace("l")
        let otherPath = "/run/netns/\(other.name)"
        let isTaken = try space.inside {
            func takes(_ table: UInt32) throws -> Bool {
                switch try KernelTableLock.take(table: table) {
                case .some: true
                case nil: false
                }
            }
            guard let lock = try KernelTableLock.take(table: 254) else { return [false] }
            var answers = [try takes(254), try takes(1000)]
            #expect(cl_enter_network_namespace(otherPath) == 0)
            answers.append(try takes(254))
            _ = consume lock
            return answers
        }
        #expect(isTaken == [false, true, true])
    }

    @Test func `permission is what the kernel says it is`() throws {
        let space = try NetworkNamespace("m")
        #expect(try space.inside { KernelAccess.probe(KernelOwnership()) } == .permitted)
        let answer = try space.inside {
            try #require(dropNetworkAdministration())
            return KernelAccess.probe(KernelOwnership())
        }
        guard case .refused(let line) = answer else {
            Issue.record("permitted without the capability")
            return
        }
        #expect(line.contains("CAP_NET_ADMIN"))
        #expect(!line.contains("\n"))
    }
}
