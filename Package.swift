// swift-tools-version:6.2
import Foundation
import PackageDescription

// script/test sets PEERGLASS_STRICT, so that our own builds refuse warnings and a user's newer compiler does not.
let strict = ProcessInfo.processInfo.environment["PEERGLASS_STRICT"] != nil

let house: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

/// The rooms of the core: memory safety is checked by the compiler, exclusivity at run time only outside release.
let coreSettings: [SwiftSetting] =
    house + [
        .strictMemorySafety(),
        .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    ]

func core(_ name: String, _ imports: [String]) -> Target {
    .target(
        name: name,
        dependencies: imports.map { .byName(name: $0) },
        path: "Sources/Core/\(name)",
        swiftSettings: coreSettings
    )
}

func room(_ floor: String, _ name: String, _ imports: [Target.Dependency]) -> Target {
    .target(
        name: name,
        dependencies: imports,
        path: "Sources/\(floor)/\(name)",
        swiftSettings: house
    )
}

func shim(_ name: String) -> Target {
    .target(name: name, path: "Sources/Shims/\(name)")
}

func tests(_ name: String, _ imports: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: imports, resources: resources, swiftSettings: house)
}

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "peerglass",
    products: [.executable(name: "peerglass", targets: ["peerglass"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        core("Timekeeping", []),
        core("Tables", ["CPrefetch"]),
        core("Addressing", ["Tables"]),
        core("BGPWire", ["Addressing"]),
        core("Attributes", ["BGPWire", "Addressing", "Tables"]),
        core("RPKI", ["Addressing", "Tables"]),
        core("BGPSession", ["BGPWire", "Addressing", "Tables", "Timekeeping"]),
        core("Policy", ["Attributes", "RPKI", "BGPWire", "Addressing", "Tables"]),
        core("Routing", ["Attributes", "BGPWire", "Addressing", "Tables", "Timekeeping"]),
        core("KernelRoutes", ["Addressing", "Tables", "Timekeeping"]),
        core("Configuration", ["Policy", "RPKI", "BGPWire", "Addressing"]),
        core("Control", ["BGPWire", "Addressing", "Timekeeping"]),
        core(
            "Speaker",
            [
                "Timekeeping", "Tables", "Addressing", "BGPWire", "Attributes", "RPKI",
                "BGPSession",
                "Policy", "Routing", "KernelRoutes", "Configuration", "Control",
            ]
        ),
        core(
            "Simulation",
            [
                "Speaker", "Control", "Configuration", "KernelRoutes", "BGPSession", "BGPWire",
                "Addressing", "Tables", "Timekeeping",
            ]
        ),

        room("Edge", "Recording", ["BGPWire", "Addressing"]),
        room("Edge", "Netlink", ["KernelRoutes", "Addressing", "Timekeeping", "CLinux"]),
        room("Edge", "ControlSocket", ["Control", "CLinux"]),
        room(
            "Edge",
            "Daemon",
            [
                "Speaker", "Netlink", "ControlSocket", "Recording", "Control", "Configuration",
                "KernelRoutes",
                "BGPWire", "BGPSession", "Addressing", "Timekeeping", "CLinux", logging,
            ]
        ),
        room("Edge", "Lab", ["BGPWire", "Addressing", "CLinux"]),

        .target(
            name: "Canvas",
            path: "Sources/Screen/Canvas",
            swiftSettings: house + [.strictMemorySafety()]
        ),
        .target(
            name: "Dashboard",
            dependencies: ["Control", "BGPWire", "Addressing", "Timekeeping", "Canvas"],
            path: "Sources/Screen/Dashboard",
            swiftSettings: house + [.strictMemorySafety()]
        ),
        room("Screen", "Terminal", ["Canvas", "CNcurses", "CTermGuard", yaml]),

        .systemLibrary(
            name: "CNcurses",
            path: "Sources/Shims/CNcurses",
            providers: [.apt(["libncurses-dev"])]
        ),
        .systemLibrary(name: "CPrefetch", path: "Sources/Shims/CPrefetch"),
        shim("CLinux"),
        shim("CTermGuard"),

        .executableTarget(
            name: "peerglass",
            dependencies: [
                "Timekeeping", "Addressing", "BGPWire", "Configuration", "Policy", "RPKI",
                "Control", "Speaker",
                "ControlSocket", "Daemon", "Lab", "Canvas", "Dashboard", "Terminal", "CLinux",
                "CTermGuard", arguments,
                logging,
            ],
            path: "Sources/peerglass",
            swiftSettings: house
        ),

        tests("TimekeepingTests", ["Timekeeping"]),
        tests("TablesTests", ["Tables"]),
        tests("AddressingTests", ["Addressing"]),
        tests("BGPWireTests", ["BGPWire", "Addressing"]),
        tests("AttributesTests", ["Attributes", "BGPWire", "Addressing", "Tables"]),
        tests("RPKITests", ["RPKI", "Addressing"]),
        tests("BGPSessionTests", ["BGPSession", "BGPWire", "Addressing", "Timekeeping"]),
        tests("PolicyTests", ["Policy", "Attributes", "RPKI", "BGPWire", "Addressing"]),
        tests(
            "RoutingTests",
            ["Routing", "Attributes", "BGPWire", "Addressing", "Tables", "Timekeeping"]
        ),
        tests("KernelRoutesTests", ["KernelRoutes", "Addressing", "Timekeeping"]),
        tests("ConfigurationTests", ["Configuration", "Policy", "RPKI", "BGPWire", "Addressing"]),
        tests("ControlTests", ["Control", "BGPWire", "Addressing", "Timekeeping"]),
        tests(
            "SpeakerTests",
            [
                "Simulation", "Speaker", "Control", "Configuration", "KernelRoutes", "Routing",
                "Policy", "RPKI",
                "BGPSession", "Attributes", "BGPWire", "Addressing", "Timekeeping",
            ]
        ),
        tests(
            "ReferenceTests",
            [
                "Speaker", "Control", "Configuration", "KernelRoutes", "BGPSession", "BGPWire",
                "Addressing", "Tables", "Timekeeping",
            ]
        ),
        tests(
            "SimulationTests",
            [
                "Simulation", "Control", "Configuration", "KernelRoutes", "BGPWire", "Addressing",
                "Timekeeping",
            ]
        ),
        tests("RecordingTests", ["Recording", "BGPWire", "Addressing"]),
        tests("NetlinkTests", ["Netlink", "KernelRoutes", "Addressing", "Timekeeping", "CLinux"]),
        tests(
            "ControlSocketTests",
            ["ControlSocket", "Control", "BGPWire", "Addressing", "Timekeeping", "CLinux"]
        ),
        tests(
            "CommandLineTests",
            [
                "peerglass", "Control", "ControlSocket", "BGPWire", "Addressing", "Timekeeping",
                "Dashboard", "CLinux",
            ]
        ),
        tests("CanvasTests", ["Canvas"]),
        tests(
            "DashboardTests",
            ["Dashboard", "Control", "BGPWire", "Addressing", "Timekeeping", "Canvas"],
            resources: [.copy("Golden")]
        ),
        .target(
            name: "PseudoTerminal",
            dependencies: ["Canvas"],
            path: "Tests/Support/PseudoTerminal",
            swiftSettings: house
        ),
        .executableTarget(
            name: "peerglass-bench",
            dependencies: [
                "Speaker", "ControlSocket", "Control", "Configuration", "KernelRoutes", "Routing",
                "Attributes",
                "BGPSession", "BGPWire", "Addressing", "Tables", "Timekeeping", "CLinux",
                "PseudoTerminal",
            ],
            path: "Benchmarks/peerglass-bench",
            swiftSettings: house
        ),
        .executableTarget(
            name: "TerminalDemo",
            dependencies: ["Terminal", "Canvas", "CTermGuard"],
            path: "Tests/Support/TerminalDemo",
            swiftSettings: house
        ),
        .executableTarget(
            name: "peerglass-storm",
            dependencies: ["Simulation", "Timekeeping"],
            path: "Tests/Support/Storms",
            swiftSettings: house
        ),
        tests("TerminalTests", ["Terminal", "Canvas", "PseudoTerminal", "TerminalDemo"]),
        tests("HouseTests", []),
        tests("ProgramTests", ["PseudoTerminal", "Interop", "peerglass"]),
        .target(
            name: "Interop",
            path: "Tests/Support/Interop",
            swiftSettings: house
        ),
        tests("DaemonTests", ["Daemon", "BGPSession", "CLinux"]),
        tests("InteropTests", ["Interop", "peerglass", "CLinux"]),
        tests("LabTests", ["Lab", "Configuration", "RPKI", "BGPWire", "Addressing"]),
    ],
    swiftLanguageModes: [.v6]
)
