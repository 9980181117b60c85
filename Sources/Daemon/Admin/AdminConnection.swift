import NIOCore
import NIOPosix

/// A connection of the socket: lines of text, both ways.
typealias AdminConnection = NIOAsyncChannel<String, String>

extension AdminConnection {
    /// Makes a connection of a new channel.
    ///
    /// One on which nothing happens for half a minute is closed.
    static func wrap(_ channel: any Channel) throws -> AdminConnection {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(30)))
        try pipeline.addHandler(CloseWhenIdle())
        try pipeline.addHandler(ByteToMessageHandler(LineDecoder()))
        try pipeline.addHandler(MessageToByteHandler(LineEncoder()))
        return try AdminConnection(wrappingChannelSynchronously: channel)
    }
}

private final class CloseWhenIdle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }
}

/// Splits what arrives into lines, and closes the connection over one that is too long.
private struct LineDecoder: ByteToMessageDecoder {
    typealias InboundOut = String

    struct LineTooLong: Error {}

    mutating func decode(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer
    ) throws -> DecodingState {
        let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n"))
        guard let end, let line = buffer.readString(length: end - buffer.readerIndex) else {
            guard buffer.readableBytes <= AdminProtocol.maximumLine else { throw LineTooLong() }
            return .needMoreData
        }
        buffer.moveReaderIndex(forwardBy: 1)
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer,
        seenEOF: Bool
    ) throws -> DecodingState {
        try decode(context: context, buffer: &buffer)
    }
}

private struct LineEncoder: MessageToByteEncoder {
    typealias OutboundIn = String

    func encode(data line: String, out: inout ByteBuffer) {
        out.writeString(line)
        out.writeInteger(UInt8(ascii: "\n"))
    }
}
