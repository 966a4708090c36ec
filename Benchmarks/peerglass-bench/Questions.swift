import Addressing
import Control
import ControlSocket
import Foundation

/// How long a speaker with full tables takes to answer, from question to answer over its socket.
struct Questions {
    private let path: String

    init(_ path: String) { self.path = path }

    /// Asks and prints; false where the speaker does not answer.
    func ask() -> Bool {
        do throws(ControlSocketFault) {
            var client = try ControlClient(path: path, timeout: .seconds(30))
            try waitForOrder(&client)
            try pages(&client)
            try search(
                "as 4200000000, no hit",
                RIBFilter([.asPath(.anywhere(ASNumber(4_200_000_000)))]),
                &client
            )
            let pattern = try? ASPathPattern("_4200000000_(1|2)*$")
            try search(
                "path _4200000000_(1|2)*$, no hit",
                RIBFilter(pattern.map { [.pathPattern($0)] } ?? []),
                &client
            )
            try search(
                "community 65535:1, no hit",
                RIBFilter([.community(.standard(65535, 1))]),
                &client
            )
            try search("not best, refused: no hit", RIBFilter([.refused], not: [.best]), &client)
            try whatIf(&client)
            return true
        } catch {
            print(error.text)
            return false
        }
    }

    /// The order of the table is made at the first look.
    private func waitForOrder(_ client: inout ControlClient) throws(ControlSocketFault) {
        let start = Date()
        let request = RIBPageRequest(table: .locRIB, limit: 60, withAttributes: false)
        var longest = 0.0
        while true {
            let (page, seconds) = try timed(request, &client)
            longest = max(longest, seconds)
            if !page.isPreparing { break }
            usleep(20_000)
        }
        report("the order of the table is made", [Date().timeIntervalSince(start)])
        report("  the longest answer meanwhile", [longest])
    }

    private func pages(_ client: inout ControlClient) throws(ControlSocketFault) {
        var times: [Double] = []
        for number in 0..<2000 as Range<UInt32> {
            let request = RIBPageRequest(
                table: .locRIB,
                position: .share(number * 499),
                limit: 60,
                withAttributes: false
            )
            times.append(try timed(request, &client).1)
        }
        report("a page of 60 prefixes somewhere", times)
    }

    private func search(
        _ words: String,
        _ filter: RIBFilter,
        _ client: inout ControlClient
    ) throws(ControlSocketFault) {
        var times: [Double] = []
        var request = RIBPageRequest(
            table: .locRIB,
            filter: filter,
            limit: 60,
            withAttributes: false
        )
        let start = Date()
        while true {
            let (page, seconds) = try timed(request, &client)
            times.append(seconds)
            guard let next = page.next else { break }
            request.position = .after(next)
        }
        report("\(words): a slice", times)
        report("  all of it", [Date().timeIntervalSince(start)])
    }

    private func whatIf(_ client: inout ControlClient) throws(ControlSocketFault) {
        let address = BenchNeighbor(number: 0).address
        var result = WhatIfResult(.address(address), .down, rowLimit: 0)
        var times: [Double] = []
        let start = Date()
        while let request = result.nextRequest {
            let (slice, seconds) = try timed(request, &client)
            times.append(seconds)
            if slice.isPreparing { usleep(20_000) }
            result.take(slice)
        }
        report("what if a neighbor goes down: a slice", times)
        report("  all of it", [Date().timeIntervalSince(start)])
        print("  \(result.moved) would move, \(result.unreachable) become unreachable")
    }

    private func timed<Request: ControlRequest>(
        _ request: Request,
        _ client: inout ControlClient
    ) throws(ControlSocketFault) -> (Request.Answer, Double) {
        let clock = ContinuousClock()
        let start = clock.now
        let answer = try client.ask(request, timeout: .seconds(30))
        let took = (clock.now - start).components
        return (answer, Double(took.seconds) + Double(took.attoseconds) / 1e18)
    }

    private func report(_ words: String, _ times: [Double]) {
        let sorted = times.sorted()
        guard let longest = sorted.last else { return }
        let name = words.padding(toLength: 46, withPad: " ", startingAt: 0)
        guard sorted.count > 1 else {
            print(name, String(format: "%9.3f ms", longest * 1000))
            return
        }
        print(
            name,
            String(
                format: "median %7.3f ms  p99 %7.3f ms  longest %7.3f ms  of %d",
                sorted[sorted.count / 2] * 1000,
                sorted[sorted.count * 99 / 100] * 1000,
                longest * 1000,
                sorted.count
            )
        )
    }
}
