package io.millrace.bench.explore;

import io.millrace.bench.variant.BatchSampler;
import io.millrace.bench.variant.GraphCopies;
import io.millrace.bench.variant.SamplerFactory;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.datasets.CsrGraph;

/** Puts the parts of a {@link SamplerVariant} together. */
public final class Forms implements SamplerFactory {
  @Override
  public BatchSampler create(SamplerVariant form, GraphCopies graph, int[] fanout) {
    return switch (form) {
      case SamplerVariant.Product product -> ProductSampler.of(product, graph, fanout);
      case SamplerVariant.Naive naive -> new NaiveSampler(rows(naive.memory(), graph), fanout);
      case SamplerVariant.Template template -> template(template, graph, fanout);
    };
  }

  private static BatchSampler template(
      SamplerVariant.Template form, GraphCopies graph, int[] fanout) {
    Rows rows = rows(form.memory(), graph);
    LocalIds ids = localIds(form.idMap(), graph.mapped().numNodes());
    Draw draw = draw(form.drawForm());
    return switch (form.orderForm()) {
      case NODE_AT_A_TIME -> new NodeAtATimeSampler(rows, ids, draw, fanout);
      case PHASED -> new PhasedSampler(rows, ids, draw, fanout);
    };
  }

  private static Rows rows(SamplerVariant.Memory memory, GraphCopies graph) {
    return switch (memory) {
      case HEAP -> new HeapRows(graph.indptr(), graph.indices());
      case MAPPED, IN_MEMORY -> {
        CsrGraph offHeap = graph.graph(memory);
        yield new SegmentRows(offHeap.indptr(), offHeap.indices());
      }
    };
  }

  static LocalIds localIds(SamplerVariant.IdMap map, int numNodes) {
    return switch (map) {
      case JAVA_UTIL -> new JavaUtilIds();
      case FASTUTIL -> new FastutilIds();
      case AGRONA -> new AgronaIds();
      case FLAT_HASH -> new FlatHashIds();
      case DIRECT_ADDRESS -> new DirectAddressIds(numNodes);
    };
  }

  static Draw draw(SamplerVariant.Draw draw) {
    return switch (draw) {
      case SCAN -> new ScanDraw();
      case FILTER -> new FilterDraw();
      case BITMAP -> new BitmapDraw();
      case HASH_SET -> new HashSetDraw();
    };
  }
}
