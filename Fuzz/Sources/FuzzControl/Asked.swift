import Addressing
import Configuration
import Control
import FuzzInput
import Speaker
import Timekeeping

/// Asks a running speaker whatever can be asked; its answer travels back.
func ask(_ bytes: [UInt8]) {
    guard let question = comesBack(Question.self, bytes) else { return }
    let speaker = Speaker(
        configuration: configuration,
        environment: SpeakerEnvironment(
            seed: 1,
            version: "1.0",
            hostName: "fuzz",
            processID: 1,
            configurationPath: "bgpd.conf",
            socketPath: "s",
            kernelOffReason: nil,
            routerID: IPAddress(ipv4: 0x0A00_0001)
        ),
        now: .zero,
        wall: WallTime(nanoseconds: 0)
    )
    speaker.start()
    while speaker.work(units: 1000) {}
    comesBack(Reply.self, speaker.answer(question).encoded)
    speaker.beginTurn(now: .zero + .seconds(2), wall: WallTime(nanoseconds: 2_000_000_000))
    speaker.timers()
    while speaker.work(units: 1000) {}
    comesBack(Reply.self, speaker.answer(question).encoded)
    _ = speaker.takeEffects()
}

/// Two neighbors, own networks in both families, and something for every filter of a page.
private let configuration: Configuration = {
    let text = """
        AS 65000
        router-id 10.0.0.1
        network 10.1.0.0/16 set { community 65000:1 localpref 200 }
        network 10.1.2.0/24 set { large-community 65000:1:2 }
        network 192.0.2.0/24 set { ext-community rt 65000:7 }
        network 2001:db8::/32
        group "up" {
            neighbor 10.0.0.2 {
                remote-as 65001
                descr "r2"
                passive
            }
            neighbor 2001:db8::2 {
                remote-as 65000
            }
        }

        """
    let reading = Configuration.read(file: "bgpd.conf") { _ in Array(text.utf8) }
    guard let configuration = reading.configuration else {
        fatalError("\(reading.diagnostics)")
    }
    return configuration
}()
