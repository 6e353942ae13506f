package io.millrace.bench.variant;

import io.millrace.sampler.IdMapKind;
import java.util.ArrayList;
import java.util.List;

/**
 * A point of the design space: one way to write a sampler. Immutable values.
 *
 * <p>{@link Template} is put together from parts in {@code io.millrace.bench.explore}, all of which
 * reuse what they have; {@link Naive} reuses nothing; {@link Product} is {@code NeighborSampler}
 * itself.
 */
public sealed interface SamplerVariant {
  /** What gives the nodes of a batch their local ids. */
  enum IdMap {
    JAVA_UTIL("java.util.HashMap"),
    FASTUTIL("fastutil"),
    AGRONA("agrona"),
    FLAT_HASH("flat hash"),
    DIRECT_ADDRESS("direct address");

    private final String label;

    IdMap(String label) {
      this.label = label;
    }

    /** The one that a sampler of the product has. */
    public static IdMap of(IdMapKind used) {
      return switch (used) {
        case FLAT_HASH -> FLAT_HASH;
        case DIRECT_ADDRESS -> DIRECT_ADDRESS;
        case AUTO -> throw new IllegalArgumentException("a sampler has one of the maps");
      };
    }

    public String label() {
      return label;
    }
  }

  /** Whether a node's whole way is gone before the next one's, or a chunk's step by step. */
  enum Order {
    NODE_AT_A_TIME("node at a time"),
    PHASED("phased");

    private final String label;

    Order(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** How Floyd's method asks whether a number is drawn already. */
  enum Draw {
    SCAN("scan"),
    FILTER("filter"),
    BITMAP("bitmap"),
    HASH_SET("hash set");

    private final String label;

    Draw(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** Where the graph is stored. */
  enum Memory {
    HEAP("heap"),
    MAPPED("mapped"),
    /** Off the heap, on huge pages: {@code StorageMode.IN_MEMORY}. */
    IN_MEMORY("in memory");

    private final String label;

    Memory(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** What the others are compared with. */
  SamplerVariant NAIVE = new Naive();

  IdMap idMap();

  Memory memory();

  /** In words: one part after the other. */
  String name();

  /** The order in words. */
  String order();

  /** The draw in words. */
  String draw();

  /** The sampler as one would first write it with fastutil, on mapped files. */
  record Naive() implements SamplerVariant {
    @Override
    public IdMap idMap() {
      return IdMap.FASTUTIL;
    }

    @Override
    public Memory memory() {
      return Memory.MAPPED;
    }

    @Override
    public String name() {
      return "naive fastutil";
    }

    @Override
    public String order() {
      return Order.NODE_AT_A_TIME.label;
    }

    @Override
    public String draw() {
      return Draw.SCAN.label;
    }
  }

  /** A sampler made of parts. */
  record Template(IdMap idMap, Order orderForm, Draw drawForm, Memory memory)
      implements SamplerVariant {
    @Override
    public String name() {
      return String.join(", ", idMap.label, order(), draw(), memory.label);
    }

    @Override
    public String order() {
      return orderForm.label;
    }

    @Override
    public String draw() {
      return drawForm.label;
    }
  }

  /** The product's sampler; its id map is the flat hash or the direct address. */
  record Product(IdMap idMap, Memory memory) implements SamplerVariant {
    @Override
    public String name() {
      return String.join(", ", "millrace", idMap.label, memory.label);
    }

    @Override
    public String order() {
      return Order.PHASED.label;
    }

    /** The product chooses by row. */
    @Override
    public String draw() {
      return "by row";
    }
  }

  /** The whole design space: the naive form first. */
  static List<SamplerVariant> all() {
    List<SamplerVariant> forms = new ArrayList<>(List.of(NAIVE));
    for (Memory memory : List.of(Memory.HEAP, Memory.MAPPED)) {
      for (IdMap idMap : IdMap.values()) {
        for (Order order : Order.values()) {
          for (Draw draw : Draw.values()) {
            forms.add(new Template(idMap, order, draw, memory));
          }
        }
      }
    }
    for (Memory memory : Memory.values()) {
      forms.add(new Product(IdMap.FLAT_HASH, memory));
      forms.add(new Product(IdMap.DIRECT_ADDRESS, memory));
    }
    return List.copyOf(forms);
  }
}
