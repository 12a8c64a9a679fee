/**
 * A relay of gRPC calls (HTTP/2 without TLS) that lets single calls be executed and then tells their sender that nobody is there: what
 * Temporal's own fault injection calls ExecuteAndTimeout. A connection carries many calls at once, so cutting it would be another fault.
 */
import { connect, constants, createServer } from 'node:http2';
import type { ClientHttp2Session, Http2Server, Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

const unavailable = '14';

export interface RelayOptions {
  readonly upstream: () => number;
  /** Whether the reply to this call is cut; the path is `/package.Service/Method`. */
  readonly cuts: (path: string) => boolean;
}

export class GrpcRelay {
  cuts = 0;
  calls = 0;
  readonly #options: RelayOptions;
  readonly #server: Http2Server;
  readonly #near = new Set<Http2Session>();
  #session: ClientHttp2Session | null = null;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#server = createServer({ settings: { maxConcurrentStreams: 1_000, initialWindowSize: 1024 * 1024 } });
    this.#server.on('stream', (stream, headers) => this.#relay(stream, headers));
    this.#server.on('session', (session) => {
      this.#near.add(session);
      session.on('error', () => undefined);
      session.on('close', () => this.#near.delete(session));
    });
  }

  static async open(options: RelayOptions): Promise<GrpcRelay> {
    const relay = new GrpcRelay(options);
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #upstream(): ClientHttp2Session {
    if (this.#session !== null && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = connect(`http://127.0.0.1:${this.#options.upstream()}`);
    session.on('error', () => undefined);
    session.on('close', () => {
      if (this.#session === session) this.#session = null;
    });
    this.#session = session;
    return session;
  }

  #relay(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const path = headers[':path'] ?? '';
    const isCut = this.#options.cuts(path);
    this.calls += 1;
    stream.on('error', () => undefined);
    const { host: _, connection: __, ...forwarded } = headers;
    const call = this.#upstream().request({ ...forwarded, te: 'trailers' }, { endStream: false });
    stream.pipe(call);
    const refuse = (): void => {
      if (stream.destroyed || stream.headersSent) return;
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': unavailable, 'grpc-message': 'cut' },
        { endStream: true },
      );
    };
    let trailers: IncomingHttpHeaders = {};
    call.on('error', refuse);
    stream.on('aborted', () => call.close(constants.NGHTTP2_CANCEL));
    if (isCut) {
      // Executed to its end; the answer is read and thrown away.
      call.resume();
      call.on('end', () => {
        this.cuts += 1;
        refuse();
      });
      return;
    }
    call.on('trailers', (given) => {
      trailers = given;
    });
    call.on('response', (given, flags) => {
      if (stream.destroyed) return;
      const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (isWhole) stream.respond(given, { endStream: true });
      else {
        stream.respond(given, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers(sendable(trailers)));
        call.pipe(stream);
      }
    });
  }

  async close(): Promise<void> {
    this.#session?.destroy();
    for (const session of this.#near) session.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

const sendable = (trailers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(trailers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
