import Addressing
import CLinux
import Control
import Foundation

/// How long a speaker with the tables of two neighbors takes to answer questions: its own time, without a socket.
struct Questions {
    private let speaker: MicroSpeaker
    private let count: Int

    init(_ count: Int) {
        self.count = count
        speaker = MicroSpeaker()
        for number in 0..<2 {
            let neighbor = BenchNeighbor(number: number)
            var table = SentTable(seed: 1, sender: number)
            let stream = table.updates(
                count,
                from: neighbor.autonomousSystem,
                nextHop: neighbor.address
            )
            if number == 0 { speaker.load(stream) } else { speaker.loadSecond(stream) }
        }
    }

    /// Asks and prints; 0.
    func run() -> Int32 {
        print("two neighbors with \(count) prefixes each")
        waitForOrder()
        pages()
        search("as 4200000000", RIBFilter([.asPath(.anywhere(ASNumber(4_200_000_000)))]))
        if let pattern = try? ASPathPattern("_4200000000_(1|2)*$") {
            search("path _4200000000_(1|2)*$", RIBFilter([.pathPattern(pattern)]))
        }
        search("community 65535:1", RIBFilter([.community(.standard(65535, 1))]))
        search("refused", RIBFilter([.refused]))
        search(
            "refused of a neighbor",
            RIBFilter([.refused, .neighbor(.number(NeighborNumber(1)))])
        )
        reasons()
        whatIf()
        return 0
    }

    private func page(_ request: RIBPageRequest) -> RIBPage {
        RIBPageRequest.answer(in: speaker.answer(request.question)) ?? RIBPage()
    }

    /// The order of the table is made at the first look, between other work.
    private func waitForOrder() {
        let request = RIBPageRequest(table: .locRIB, limit: 60, withAttributes: false)
        var total: Int64 = 0
        var times: [Double] = []
        repeat {
            let start = cl_monotonic_nanoseconds()
            _ = page(request)
            let answered = cl_monotonic_nanoseconds()
            times.append(Double(answered - start))
            _ = speaker.work(units: 4096)
            total += Int64(cl_monotonic_nanoseconds() - start)
        } while page(request).isPreparing
        report("a page while the order is made", times)
        report("  until it is made", [Double(total)])
    }

    private func pages() {
        var times: [Double] = []
        for number in 0..<2000 as Range<UInt32> {
            let request = RIBPageRequest(
                table: .locRIB,
                position: .share(number * 499),
                limit: 60,
                withAttributes: false
            )
            times.append(time { _ = page(request) })
        }
        report("60 prefixes somewhere, unfiltered", times)
    }

    /// A search without a hit, to the end.
    private func search(_ words: String, _ filter: RIBFilter) {
        var times: [Double] = []
        var request = RIBPageRequest(
            table: .locRIB,
            filter: filter,
            limit: 60,
            withAttributes: false
        )
        var isDone = false
        while !isDone {
            times.append(
                time {
                    let next = page(request).next
                    isDone = next == nil
                    if let next { request.position = .after(next) }
                }
            )
        }
        report("a slice of \(words)", times)
        report("  all of it", [times.reduce(0, +)])
    }

    private func reasons() {
        var times: [Double] = []
        for number in 0..<500 as Range<UInt32> {
            let request = RIBPageRequest(
                table: .locRIB,
                position: .share(number * 1999),
                limit: 60,
                withAttributes: true,
                withReasons: true
            )
            times.append(time { _ = page(request) })
        }
        report("60 prefixes with the reason of each path", times)
    }

    private func whatIf() {
        var result = WhatIfResult(.number(NeighborNumber(0)), .down, rowLimit: 0)
        var times: [Double] = []
        while let request = result.nextRequest {
            times.append(
                time {
                    guard let slice = WhatIfRequest.answer(in: speaker.answer(request.question))
                    else { preconditionFailure("the neighbor is there") }
                    result.take(slice)
                }
            )
            result.isPreparing = false
        }
        report("a slice of what if a neighbor goes down", times)
        report("  all of it", [times.reduce(0, +)])
        print("  \(result.moved) would move, \(result.unreachable) become unreachable")
    }

    private func time(_ body: () -> Void) -> Double {
        let start = cl_monotonic_nanoseconds()
        body()
        return Double(cl_monotonic_nanoseconds() - start)
    }

    private func report(_ words: String, _ nanoseconds: [Double]) {
        let sorted = nanoseconds.sorted()
        guard let longest = sorted.last else { return }
        let name = words.padding(toLength: 42, withPad: " ", startingAt: 0)
        guard sorted.count > 1 else {
            print(name, String(format: "%10.3f ms", longest / 1e6))
            return
        }
        print(
            name,
            String(
                format: "median %.3f ms, p99 %.3f ms, longest %.3f ms of %d",
                sorted[sorted.count / 2] / 1e6,
                sorted[sorted.count * 99 / 100] / 1e6,
                longest / 1e6,
                sorted.count
            )
        )
    }
}
