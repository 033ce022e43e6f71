package io.ullage.bench.growth;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;

/** A charge and its discharge, at one component after the other of many. */
record ChargeCurve() implements Curve {
  private static final long BYTES = 64;

  /** Neighbours in memory are not asked one after the other. */
  private static final int STRIDE = 7919;

  @Override
  public String name() {
    return "charge";
  }

  @Override
  public String parameter() {
    return "components";
  }

  @Override
  public int least() {
    return 10;
  }

  @Override
  public int most(boolean full) {
    return 100_000;
  }

  @Override
  public Point open(int count) {
    ComponentRegistry registry = Components.make(count);
    Component[] components = registry.components().toArray(Component[]::new);
    return new Point() {
      private int next;

      @Override
      public void repeat(int times) {
        for (int i = 0; i < times; i++) {
          next = (next + STRIDE) % components.length;
          components[next].charge(BYTES);
          components[next].discharge(BYTES);
        }
      }

      @Override
      public void close() {
        registry.close();
      }
    };
  }
}
