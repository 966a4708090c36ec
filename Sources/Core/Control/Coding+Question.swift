extension NeighborActionRequest: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(selector)
        switch action {
        case .up:
            writer.octet(0)
        case .down(let reason):
            writer.octet(1)
            writer.text(reason)
        case .clear(let reason):
            writer.octet(2)
            writer.text(reason)
        case .refresh:
            writer.octet(3)
        case .destroy:
            writer.octet(4)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let selector = try reader.value(NeighborSelector.self)
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self.init(selector, .up)
        case 1: self.init(selector, .down(reason: try reader.text()))
        case 2: self.init(selector, .clear(reason: try reader.text()))
        case 3: self.init(selector, .refresh)
        case 4: self.init(selector, .destroy)
        default: throw .badValue(offset: offset, type: "action")
        }
    }
}

extension Question: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .instance:
            writer.octet(0)
        case .overview:
            writer.octet(1)
        case .neighbor(let request):
            writer.octet(2)
            writer.value(request.selector)
        case .ribPage(let request):
            writer.octet(3)
            writer.value(request)
        case .route(let request):
            writer.octet(4)
            writer.value(request.prefix)
        case .kernelPage(let request):
            writer.octet(5)
            writer.value(request)
        case .messages(let request):
            writer.octet(6)
            writer.value(request)
        case .events(let request):
            writer.octet(7)
            writer.value(request)
        case .memory:
            writer.octet(8)
        case .neighborAction(let request):
            writer.octet(9)
            writer.value(request)
        case .stop:
            writer.octet(10)
        case .reload(let request):
            writer.octet(11)
            writer.text(request.reason)
        case .whatIf(let request):
            writer.octet(12)
            writer.value(request)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .instance(InstanceRequest())
        case 1: self = .overview(OverviewRequest())
        case 2: self = .neighbor(NeighborRequest(try reader.value()))
        case 3: self = .ribPage(try reader.value())
        case 4: self = .route(RouteRequest(prefix: try reader.value()))
        case 5: self = .kernelPage(try reader.value())
        case 6: self = .messages(try reader.value())
        case 7: self = .events(try reader.value())
        case 8: self = .memory(MemoryRequest())
        case 9: self = .neighborAction(try reader.value())
        case 10: self = .stop(StopRequest())
        case 11: self = .reload(ReloadRequest(reason: try reader.text()))
        case 12: self = .whatIf(try reader.value())
        default: throw .badValue(offset: offset, type: "question")
        }
    }
}

extension Reply: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .instance(let answer):
            writer.octet(0)
            writer.value(answer)
        case .overview(let answer):
            writer.octet(1)
            writer.value(answer)
        case .neighbors(let answer):
            writer.octet(2)
            writer.list(answer)
        case .ribPage(let answer):
            writer.octet(3)
            writer.value(answer)
        case .route(let answer):
            writer.octet(4)
            writer.value(answer)
        case .kernelPage(let answer):
            writer.octet(5)
            writer.value(answer)
        case .messages(let answer):
            writer.octet(6)
            writer.value(answer)
        case .events(let answer):
            writer.octet(7)
            writer.value(answer)
        case .memory(let answer):
            writer.octet(8)
            writer.list(answer)
        case .action(let answer):
            writer.octet(9)
            writer.value(answer)
        case .refused(let result):
            writer.octet(10)
            writer.value(result)
        case .reload(let report):
            writer.octet(11)
            writer.value(report.result)
            writer.list(report.lines)
        case .whatIf(let slice):
            writer.octet(12)
            writer.value(slice)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .instance(try reader.value())
        case 1: self = .overview(try reader.value())
        case 2: self = .neighbors(try reader.list())
        case 3: self = .ribPage(try reader.value())
        case 4: self = .route(try reader.value())
        case 5: self = .kernelPage(try reader.value())
        case 6: self = .messages(try reader.value())
        case 7: self = .events(try reader.value())
        case 8: self = .memory(try reader.list())
        case 9: self = .action(try reader.value())
        case 10: self = .refused(try reader.value())
        case 11: self = .reload(ReloadReport(try reader.value(), lines: try reader.list()))
        case 12: self = .whatIf(try reader.value())
        default: throw .badValue(offset: offset, type: "answer")
        }
    }
}
