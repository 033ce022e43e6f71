package io.ullage.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.ullage.core.MemoryLimitException;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets, on Netty's own event loops. */
class LoopbackTest {
  private final TestAllocators test = new TestAllocators();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

  @AfterEach
  void accountingIsZero() throws InterruptedException {
    loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    test.close();
  }

  @Test
  void echoesThroughBuffersOfBothSides() throws Exception {
    byte[] sent = new byte[3 << 20];
    new Random(1).nextBytes(sent);
    Channel server = serve("server", Echo::new);
    CompletableFuture<byte[]> echoed = new CompletableFuture<>();
    Channel client = connect(server, "client", new Collector(sent.length, echoed));
    for (int at = 0; at < sent.length; at += 64 << 10) {
      ByteBuf chunk = at % (128 << 10) == 0 ? client.alloc().heapBuffer() : client.alloc().buffer();
      var _ = client.write(chunk.writeBytes(sent, at, 64 << 10));
    }
    client.flush();
    assertThat(echoed.get()).isEqualTo(sent);
    client.close().sync();
    server.close().sync();
    assertThat(test.registry.component("server").peakReservedBytes()).isPositive();
    assertThat(test.registry.component("client").peakReservedBytes()).isPositive();
  }

  @Test
  void aRefusedReadReachesThePipelineAndTheChannelGoesOn() throws Exception {
    long limitBytes = 256 << 10;
    test.registry.component("server").setLimitBytes(limitBytes);
    CompletableFuture<Hoarder> ended = new CompletableFuture<>();
    Channel server = serve("server", () -> new Hoarder(ended));
    Channel client = connect(server, "client", new ChannelInboundHandlerAdapter());
    int totalBytes = 2 << 20;
    client.writeAndFlush(Unpooled.wrappedBuffer(new byte[totalBytes])).sync();
    client.close().sync();

    Hoarder hoarder = ended.get();
    assertThat(hoarder.receivedBytes).isEqualTo(totalBytes);
    assertThat(hoarder.refusals).isPositive();
    assertThat(hoarder.unexpected).isEmpty();
    assertThat(test.registry.component("server").peakReservedBytes())
        .isLessThanOrEqualTo(limitBytes);
    server.close().sync();
  }

  private Channel serve(String component, Supplier<ChannelHandler> handlers)
      throws InterruptedException {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.ALLOCATOR, test.allocator(component))
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handlers.get());
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .sync()
        .channel();
  }

  private Channel connect(Channel server, String component, ChannelHandler handler)
      throws InterruptedException {
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.ALLOCATOR, test.allocator(component))
        .handler(handler)
        .connect(server.localAddress())
        .sync()
        .channel();
  }

  /** Sends back what comes. */
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var _ = context.writeAndFlush(message);
    }
  }

  /** Collects so many bytes, then says so. */
  private static final class Collector extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final int expectedBytes;
    private final CompletableFuture<byte[]> all;

    Collector(int expectedBytes, CompletableFuture<byte[]> all) {
      this.expectedBytes = expectedBytes;
      this.all = all;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      ByteBuf buffer = (ByteBuf) message;
      buffer.readBytes(collected, buffer.readableBytes());
      buffer.release();
      if (collected.size() == expectedBytes) {
        all.complete(collected.toByteArray());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      all.completeExceptionally(cause);
    }
  }

  /** Keeps whatever comes until a limit refuses the next read, and lets go of it then. */
  private static final class Hoarder extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Hoarder> ended;
    private final List<ByteBuf> hoard = new ArrayList<>();
    private final List<Throwable> unexpected = new ArrayList<>();
    private long receivedBytes;
    private int refusals;

    Hoarder(CompletableFuture<Hoarder> ended) {
      this.ended = ended;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf buffer = (ByteBuf) message;
      receivedBytes += buffer.readableBytes();
      hoard.add(buffer);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof MemoryLimitException) {
        refusals++;
        letGo();
      } else {
        unexpected.add(cause);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      letGo();
      ended.complete(this);
    }

    private void letGo() {
      hoard.forEach(ByteBuf::release);
      hoard.clear();
    }
  }
}
