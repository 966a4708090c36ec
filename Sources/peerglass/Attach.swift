import Canvas
import Control
import ControlSocket
import Dashboard
import Terminal

/// `peerglass attach`: the dashboard of a running instance.
enum Attach {
    /// Shows the screen until it is left; the exit status.
    static func run(_ options: AttachOptions) -> Int32 {
        guard let theme = ThemeChoice.load(options.theme) else { return 1 }
        let path = Paths.socket(options.socketPath, configurationPath: options.configurationPath)
        let client: ControlClient
        do throws(ControlSocketFault) {
            client = try ControlClient(path: path)
        } catch {
            StandardStreams.complain("peerglass: \(error.text)")
            return 1
        }
        let isRestricted = client.isRestricted
        let terminal: Terminal
        do throws(TerminalError) {
            terminal = try Terminal(theme: theme)
        } catch {
            StandardStreams.complain("peerglass: \(error)")
            return 1
        }
        guard let link = RemoteLink(client: client, wakeScreen: { Terminal.wake() }) else {
            terminal.close()
            StandardStreams.complain("peerglass: cannot start a thread")
            return 1
        }
        var dashboard = DashboardOptions()
        dashboard.isAttached = true
        dashboard.isReadOnly = options.isReadOnly || isRestricted
        var driver = ScreenDriver(
            terminal: terminal,
            link: link,
            options: dashboard,
            arrangements: ArrangementFile(path: Paths.dashboardSettings)
        )
        _ = driver.run()
        terminal.close()
        return 0
    }
}
