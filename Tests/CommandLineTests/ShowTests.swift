import Addressing
import BGPWire
import CLinux
import Control
import ControlSocket
import Foundation
import Testing
import Timekeeping

@testable import peerglass

/// A server on a thread of its own that answers as told.
private final class Instance65001: @unchecked Sendable {
    let path = NSTemporaryDirectory() + "peerglass-\(UUID().uuidString).sock"
    // Guarded by `lock`.
    private var isStopped = false
    private let lock = NSLock()
    private let finished = DispatchSemaphore(value: 0)

    init(_ answer: @escaping @Sendable (Question) -> Reply) throws {
        let listening = DispatchSemaphore(value: 0)
        Thread { [self] in
            var server = ControlServer()
            #expect(throws: Never.self) { try server.listen(on: path, access: .unrestricted) }
            listening.signal()
            var watched: Set<Int32> = []
            while !lock.withLock({ isStopped }) {
                for change in server.takeInterestChanges() {
                    switch change {
                    case .watch(let descriptor, _, _): watched.insert(descriptor)
                    case .change: break
                    case .forget(let descriptor): watched.remove(descriptor)
                    }
                }
                for descriptor in watched.sorted() {
                    guard cl_wait(descriptor, 1, 500_000) & 1 != 0 else { continue }
                    let asked = server.ready(descriptor, readable: true, writable: true)
                    var questions = asked[...]
                    while let next = questions.popFirst() {
                        questions += server.reply(answer(next.question), to: next.address)
                    }
                }
            }
            server.close()
            finished.signal()
        }.start()
        listening.wait()
    }

    func stop() {
        lock.withLock { isStopped = true }
        finished.wait()
    }
}

@Suite struct `What show asks and prints` {
    private static let prefixes: [IPPrefix] = (0..<5000).map {
        IPPrefix(ipv4: 0x0A00_0000 + UInt32($0) << 8, length: 24)
    }

    @Sendable private static func answer(_ question: Question) -> Reply {
        switch question {
        case .instance: return .instance(Recorded.instance)
        case .overview:
            var overview = Overview(now: WallTime(nanoseconds: 0))
            overview.neighbors = Recorded.rows
            return .overview(overview)
        case .ribPage(let request): return .ribPage(page(request))
        case .neighbor(let request):
            return request.selector == .descr("r2")
                ? .neighbors([Recorded.r2Detail]) : .neighbors([])
        case .whatIf(let request):
            var slice = WhatIfSlice(neighbor: NeighborNumber(1))
            slice.prefixCount = 2
            slice.looked = 1
            slice.unreachable = 1
            let place = request.after == nil ? 0 : 1
            if place == 0 { slice.next = prefixes[0] }
            slice.rows = [WhatIfRow(prefix: prefixes[place], from: slice.neighbor, to: nil)]
            return .whatIf(slice)
        case .neighborAction, .stop, .reload, .route, .kernelPage, .messages, .events, .memory:
            return .refused(.notSupported)
        }
    }

    private static func page(_ request: RIBPageRequest) -> RIBPage {
        var start = 0
        if case .after(let prefix) = request.position {
            start = prefixes.firstIndex(of: prefix).map { $0 + 1 } ?? prefixes.count
        }
        var number: UInt32 = 1
        var all = prefixes
        if case .adjRIBOut(let neighbor) = request.table {
            number = neighbor.value
            all = [prefixes[0]]
        }
        var page = RIBPage()
        let end = min(start + Int(request.limit), all.count)
        page.rows = all[start..<end].map {
            RIBRow(prefix: $0, neighbor: NeighborNumber(number), flags: [.valid, .selected])
        }
        page.next = end < all.count ? all[end - 1] : nil
        return page
    }

    private func show(_ line: String) throws -> Result<String, ControlSocketFault> {
        let words = line.split(separator: " ").map(String.init)
        guard case .show(let command, let options) = try CommandLineParser.parse(["show"] + words)
        else { return .success("no show") }
        let instance = try Instance65001(Self.answer)
        defer { instance.stop() }
        let pieces = Pieces()
        var output = Output { piece in
            pieces.bytes += piece
            return true
        }
        do throws(ControlSocketFault) {
            var client = try ControlClient(path: instance.path)
            try Show(options: options).run(command, &client, &output)
        } catch {
            return .failure(error)
        }
        output.flush()
        return .success(String(decoding: pieces.bytes, as: UTF8.self))
    }

    @Test func `show rib limit shows so many prefixes and asks for no more`() throws {
        let text = try show("rib limit 1234").get()
        #expect(text.split(separator: "\n").count { $0.hasPrefix("*>") } == 1234)
        #expect(text.contains(" 10.4.209.0/24 ") && !text.contains(" 10.4.210.0/24 "))
    }

    @Test func `show what-if adds up its slices and lists what they name`() throws {
        let text = try show("what-if r2 down list").get()
        #expect(text.contains("\n10.0.0.0/24          r2                   unreachable\n"))
        #expect(text.contains("\n10.0.1.0/24          r2                   unreachable\n"))
        #expect(text.contains("become unreachable                      2\n"))
        let json = try show("-j what-if r2 down").get()
        #expect(json.contains("\"unreachable\": 2"))
    }

    private final class Pieces {
        var bytes: [UInt8] = []
    }

    @Test func `show rib prints every page once and in order`() throws {
        let lines = try show("rib").get().split(separator: "\n").dropFirst(6)
        #expect(lines.count == Self.prefixes.count)
        #expect(
            zip(lines, Self.prefixes).allSatisfy { $0.hasPrefix("*>    N-? \($1) ") }
        )
    }

    @Test func `show rib --json of many pages is one document`() throws {
        let text = try show("rib --json").get()
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let rows = (document as? [String: Any])?["rib"] as? [[String: Any]]
        #expect(rows?.compactMap { $0["prefix"] as? String } == Self.prefixes.map(\.description))
    }

    @Test func `show rib in shows no decision`() throws {
        let lines = try show("rib in 10.0.0.0/24").get().split(separator: "\n").dropFirst(6)
        #expect(lines.first?.hasPrefix("      N-? 10.0.0.0/24 ") == true)
    }

    @Test func `show rib out goes through the neighbors that are meant`() throws {
        let all = try show("rib out").get().split(separator: "\n").dropFirst(6)
        #expect(all.count == 3)
        let one = try show("rib out neighbor r3-bird").get().split(separator: "\n").dropFirst(6)
        #expect(one.map { $0.prefix(19) } == ["*     N-? 10.0.0.0/"])
        #expect(try show("rib out neighbor nobody") == .failure(.refused(.noSuchNeighbor)))
    }

    @Test func `a neighbor that is not there is said to be so`() throws {
        #expect(try show("neighbor r2 terse").get().hasSuffix("10.9.12.2 65002 \"r2\"\n"))
        #expect(try show("neighbor nobody") == .failure(.refused(.noSuchNeighbor)))
        #expect(try show("rib memory") == .failure(.refused(.notSupported)))
    }

    @Test func `an output that nobody reads any more ends the table`() throws {
        let instance = try Instance65001(Self.answer)
        defer { instance.stop() }
        var pieces = 0
        var output = Output { _ in
            pieces += 1
            return false
        }
        var client = try ControlClient(path: instance.path)
        try Show(options: QueryOptions()).run(.rib(RIBCommand()), &client, &output)
        #expect(pieces == 1)
    }
}
