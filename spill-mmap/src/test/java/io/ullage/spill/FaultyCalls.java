package io.ullage.spill;

import io.ullage.spill.internal.store.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/** The system's calls, of which a test lets some fail, by kind and by number. */
final class FaultyCalls implements SystemCalls {
  /** The calls that can fail. */
  enum Call {
    CREATE,
    ALLOCATE,
    MAP,
    WRITE,
    UNLINK,
    USABLE_SPACE,
    POPULATE
  }

  private static final int EIO = 5;

  private final SystemCalls calls;
  private final Call failing;
  private final IntPredicate fails;
  final AtomicInteger asked = new AtomicInteger();

  FaultyCalls(SystemCalls calls, Call failing, IntPredicate fails) {
    this.calls = calls;
    this.failing = failing;
    this.fails = fails;
  }

  private boolean isHit(Call call) {
    return call == failing && fails.test(asked.getAndIncrement());
  }

  private void pass(Call call) throws IOException {
    if (isHit(call)) {
      throw new IOException("Input/output error (injected at " + call + ")");
    }
  }

  @Override
  public int allocate(Path file, long byteSize) {
    return isHit(Call.ALLOCATE) ? EIO : calls.allocate(file, byteSize);
  }

  @Override
  public int populateRead(MemorySegment mapped) {
    return isHit(Call.POPULATE) ? EIO : calls.populateRead(mapped);
  }

  @Override
  public int dropPages(MemorySegment mapped) {
    return calls.dropPages(mapped);
  }

  @Override
  public FileChannel create(Path file) throws IOException {
    pass(Call.CREATE);
    return calls.create(file);
  }

  @Override
  public void unlink(Path file) throws IOException {
    calls.unlink(file);
    pass(Call.UNLINK);
  }

  @Override
  public int write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    pass(Call.WRITE);
    return calls.write(file, bytes, position);
  }

  @Override
  public MemorySegment map(FileChannel file, long byteSize, Arena arena) throws IOException {
    pass(Call.MAP);
    return calls.map(file, byteSize, arena);
  }

  @Override
  public long usableBytes(FileStore files) throws IOException {
    pass(Call.USABLE_SPACE);
    return calls.usableBytes(files);
  }
}
