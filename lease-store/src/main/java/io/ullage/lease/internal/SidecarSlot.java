package io.ullage.lease.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Who has, or had, a process slot. Written by that process after it locked the slot's byte, so
 * while the byte is locked by a process with this incarnation, this is it.
 *
 * <pre>
 *   0  incarnation    grows with every process that has the slot
 *   8  pid
 *  16  PID namespace  inode
 *  24  start          clock ticks since boot
 *  32  unused up to 64
 * </pre>
 *
 * @param incarnation grows with every process that has the slot
 * @param pid process id in its own PID namespace
 * @param pidNamespace inode of that namespace
 * @param startTicks clock ticks since boot
 */
record SidecarSlot(int incarnation, long pid, long pidNamespace, long startTicks) {
  static final int BYTES = 64;

  static long position(int slot) {
    return SidecarHeader.BYTES + (long) slot * BYTES;
  }

  static SidecarSlot read(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    return new SidecarSlot(
        (int) bytes.getLong(0), bytes.getLong(8), bytes.getLong(16), bytes.getLong(24));
  }

  ByteBuffer toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(incarnation).putLong(pid).putLong(pidNamespace).putLong(startTicks);
    return bytes.clear();
  }
}
