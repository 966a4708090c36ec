import Addressing
import Control
import KernelRoutes

/// The kernel's news in words.
extension Speaker {
    func tell(_ kernelReport: KernelReport) {
        switch kernelReport {
        case .firstDump(let ours, let foreign):
            report(
                .notice("kernel: \(foreign) routes of others, \(ours) of ours from an earlier run"),
                of: nil
            )
        case .sharedProtocol(let routes):
            report(
                .notice(
                    "kernel: \(routes) routes of others carry our protocol number with another metric or table; "
                        + "they are left alone, another fib-priority keeps the two apart"
                ),
                of: nil
            )
        case .swept(let adopted, let strays):
            report(
                .notice(
                    "kernel: \(adopted) routes of an earlier run taken over, \(strays) strays removed"
                ),
                of: nil
            )
        case .refused(let prefix, let refusal):
            report(.kernelRefusal("\(prefix): \(refusal.text)"), of: nil)
        case .refusalsEnded:
            report(.kernelChange("the kernel refuses no route any more", isBad: false), of: nil)
        case .linkDown(let name, let routes):
            reportEnd("link \(name) went down", routes: routes)
        case .linkGone(let name, let routes):
            reportEnd("link \(name) is gone", routes: routes)
        case .addressGone(let address, let name, let routes):
            reportEnd("address \(address) removed from \(name)", routes: routes)
        case .carrierLost(let name, let isConcern):
            let text = "link \(name) lost its carrier"
            report(isConcern ? .kernelChange(text, isBad: true) : .notice(text), of: nil)
        case .linkUp(let name, let isConcern):
            let text = "link \(name) is up"
            report(isConcern ? .kernelChange(text, isBad: false) : .notice(text), of: nil)
        case .hidden(let prefix, let number, let metric, 0):
            let route = "proto \(RouteProtocol.name(of: number)) metric \(metric)"
            report(
                .kernelChange("\(prefix): a foreign route (\(route)) hides ours", isBad: true),
                of: nil
            )
        case .hidden(let prefix, _, _, let others):
            let text = "\(prefix) and \(NumberText.grouped(others)) more: foreign routes hide ours"
            report(.kernelChange(text, isBad: true), of: nil)
        case .shown(let prefix, let routes, let left):
            let what =
                routes == 1 ? "\(prefix)" : "\(prefix) and \(NumberText.grouped(routes - 1)) more"
            let rest = left == 0 ? "" : "; \(NumberText.grouped(left)) of ours still are hidden"
            let text = "\(what): no foreign route hides ours any more\(rest)"
            report(.kernelChange(text, isBad: false), of: nil)
        case .interference(let prefix):
            report(.notice("kernel: somebody changed our route \(prefix); it is put back"), of: nil)
        case .intrusion(let prefix):
            report(
                .notice("kernel: somebody put in \(prefix) with our mark; it is removed"),
                of: nil
            )
        case .conflict(let prefix, let times):
            report(
                .kernelRefusal(
                    "\(prefix): somebody undoes our route again and again (\(times) times)"
                ),
                of: nil
            )
        case .overrun:
            report(.kernelOverrun, of: nil)
        case .audited(let differences):
            if differences > 0 {
                report(
                    .notice("kernel: a reading found \(differences) unannounced differences"),
                    of: nil
                )
            }
        }
    }

    /// A link or an address is gone; it is important where routes of ours went with it.
    private func reportEnd(_ text: String, routes: Int) {
        guard routes > 0 else { return report(.notice(text), of: nil) }
        let went =
            "\(NumberText.counted(routes, "route")) through it \(routes == 1 ? "is" : "are") gone"
        report(.kernelChange("\(text): \(went)", isBad: true), of: nil)
    }
}
