import Control
import ControlSocket

/// `show`, `neighbor` and `reload`: asks an instance and prints the answer.
enum Query {
    /// Seconds that an answer may take.
    static let patience = Duration.seconds(30)

    static func show(_ command: ShowCommand, _ options: QueryOptions) -> Int32 {
        answer(options) { client, output throws(ControlSocketFault) in
            try Show(options: options).run(command, &client, &output)
        }
    }

    static func act(_ request: NeighborActionRequest, _ options: QueryOptions) -> Int32 {
        answer(options) { client, output throws(ControlSocketFault) in
            let result = try client.ask(request, timeout: patience)
            guard result == .processed else { throw .refused(result) }
            print(result, options.format, to: &output)
        }
    }

    static func reload(_ request: ReloadRequest, _ options: QueryOptions) -> Int32 {
        answer(options) { client, output throws(ControlSocketFault) in
            let report = try client.ask(request, timeout: patience)
            for line in report.lines { StandardStreams.complain(line) }
            guard report.result == .processed else { throw .refused(report.result) }
            print(report.result, options.format, to: &output)
        }
    }

    /// Connects, prints what `body` finds, and says what went wrong; the exit status.
    private static func answer(
        _ options: QueryOptions,
        _ body: (inout ControlClient, inout Output) throws(ControlSocketFault) -> Void
    ) -> Int32 {
        var output = StandardStreams.output()
        let path = Paths.socket(
            options.socketPath,
            configurationPath: options.configurationPath
        )
        do {
            var client = try ControlClient(path: path, timeout: patience)
            try body(&client, &output)
            output.flush()
            return 0
        } catch {
            output.flush()
            if case .refused(let result) = error {
                var answer = StandardStreams.output()
                print(result, options.format, to: &answer)
                answer.flush()
            } else {
                StandardStreams.complain("peerglass: \(error.text)")
            }
            return 1
        }
    }

    private static func print(
        _ result: ActionResult,
        _ format: OutputFormat,
        to output: inout Output
    ) {
        switch format {
        case .text:
            ActionPrinter.text(result, to: &output)
        case .json:
            output.json { ActionPrinter.json(result, to: &$0) }
        }
    }
}

extension Output {
    /// Appends a JSON document that `write` fills.
    mutating func json<Failure: Error>(
        _ write: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        var json = JSONWriter(self)
        do {
            try write(&json)
        } catch {
            self = json.output
            throw error
        }
        self = json.finish()
    }
}
