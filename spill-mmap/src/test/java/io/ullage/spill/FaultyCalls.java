package io.ullage.spill;

import io.ullage.spill.internal.store.RealCalls;
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
final class FaultyCalls extends RealCalls {
  /** The calls that can fail. */
  enum Call {
    CREATE,
    ALLOCATE,
    MAP,
    WRITE,
    UNLINK,
    USABLE_SPACE,
    POPULATE,
    /** Whichever way something is read. */
    READ
  }

  private static final int EIO = 5;

  private final Call failing;
  private final IntPredicate fails;
  final AtomicInteger asked = new AtomicInteger();

  FaultyCalls(SystemCalls calls, Call failing, IntPredicate fails) {
    super(calls);
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
    return isHit(Call.ALLOCATE) ? EIO : super.allocate(file, byteSize);
  }

  @Override
  public int populateRead(MemorySegment mapped) {
    return isHit(Call.POPULATE) || isHit(Call.READ) ? EIO : super.populateRead(mapped);
  }

  @Override
  public FileChannel create(Path file) throws IOException {
    pass(Call.CREATE);
    return super.create(file);
  }

  @Override
  public void unlink(Path file) throws IOException {
    super.unlink(file);
    pass(Call.UNLINK);
  }

  @Override
  public int write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    pass(Call.WRITE);
    return super.write(file, bytes, position);
  }

  @Override
  public int read(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    pass(Call.READ);
    return super.read(file, bytes, position);
  }

  @Override
  public MemorySegment map(FileChannel file, long byteSize, Arena arena) throws IOException {
    pass(Call.MAP);
    return super.map(file, byteSize, arena);
  }

  @Override
  public long usableBytes(FileStore files) throws IOException {
    pass(Call.USABLE_SPACE);
    return super.usableBytes(files);
  }
}
