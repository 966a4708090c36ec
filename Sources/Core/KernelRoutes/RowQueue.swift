/// A first-in first-out line of numbers in one array; what was taken is dropped in halves.
struct RowQueue<Element: BitwiseCopyable> {
    private var elements: [Element] = []
    private var head = 0

    var isEmpty: Bool { head == elements.count }
    var count: Int { elements.count - head }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: elements.count <= 1 << 16)
            head = 0
        } else if head >= 4096, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// The element at that place, counted from the first that has not been taken.
    subscript(index: Int) -> Element {
        get { elements[head + index] }
        _modify { yield &elements[head + index] }
    }
}
