import Addressing
import Configuration
import Control
import FuzzInput
import Speaker
import Timekeeping

/// A configuration and, behind a NUL octet, a file that it can include as `b`.
///
/// What is accepted is printed, reads back as equal, and makes a speaker that starts.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzConfiguration(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    run(start, count) { input in
        let files = input.rest().split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            .map(Array.init)
        let reading = read(["a": files[0], "b": files.count > 1 ? files[1] : []])
        for diagnostic in reading.diagnostics { _ = diagnostic.description }
        guard let configuration = reading.configuration else {
            require(!reading.errors.isEmpty, "a configuration is refused for no reason")
            return
        }
        require(reading.errors.isEmpty, "a configuration with errors is accepted")
        _ = configuration.canonicalText()
        let text = configuration.canonicalText(secrets: .plain)
        let again = read(["a": Array(text.utf8)])
        require(
            again.errors.isEmpty,
            "the canonical text is refused: \(again.errors.first.map(\.description) ?? "")\n\(text)"
        )
        require(
            again.configuration == configuration,
            "the canonical text means something else:\n\(text)"
        )
        require(
            again.configuration?.canonicalText(secrets: .plain) == text,
            "the canonical text is not printed as it is:\n\(text)"
        )
        started(configuration)
    }
}

private func read(_ files: [String: [UInt8]]) -> ConfigurationReading {
    Configuration.read(file: "a") { name throws(UnreadableFile) in
        guard let bytes = files[name] else {
            throw UnreadableFile(reason: "No such file or directory")
        }
        return bytes
    }
}

private func started(_ configuration: Configuration) {
    let environment = SpeakerEnvironment(
        seed: 1,
        version: "1.0",
        hostName: "fuzz",
        processID: 1,
        configurationPath: "a",
        socketPath: "s",
        kernelOffReason: nil,
        routerID: IPAddress(ipv4: 0x0A00_0001)
    )
    let speaker = Speaker(
        configuration: configuration,
        environment: environment,
        now: .zero,
        wall: WallTime(nanoseconds: 0)
    )
    speaker.start()
    while speaker.work(units: 1000) {}
    let refused = speaker.reload(configuration, reason: "")
    require(refused.isEmpty, "the same configuration again wants a restart: \(refused)")
    while speaker.work(units: 1000) {}
    _ = speaker.answer(.overview(OverviewRequest()))
    _ = speaker.listenKeys
    _ = speaker.takeEffects()
}
