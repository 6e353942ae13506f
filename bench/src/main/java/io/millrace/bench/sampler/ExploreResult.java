package io.millrace.bench.sampler;

import io.millrace.bench.harness.TextTable;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the explorer found, as a table and as JSON, the fastest first.
 *
 * @param forms what was measured, {@link SamplerVariant#NAIVE} included
 * @param measured of each form
 * @param chosen the name of the form that the sampler takes by default
 */
record ExploreResult(List<SamplerVariant> forms, List<Measurement> measured, String chosen) {
  private record Variant(SamplerVariant form, Measurement measured) {}

  void print(Output output) {
    TextTable table = new TextTable("", "M edges/s", "ns/edge", "speed-up", "bytes/batch");
    for (Variant variant : sorted()) {
      Measurement measured = variant.measured;
      table.add(
          variant.form.name() + (variant.form.name().equals(chosen) ? "  <- the default" : ""),
          Format.format("%.1f", 1e3 / measured.nanosPerEdge()),
          Format.format("%.1f", measured.nanosPerEdge()),
          Format.format("%.2f", speedup(measured)),
          Format.count(Math.round(measured.bytesPerBatch())));
    }
    table.print(output);
    Measurement any = measured.getFirst();
    output.result(
        "%s batches, all equal across variants: %s edges and %s nodes each",
        any.numBatches(),
        Format.count(Math.round(any.edgesPerBatch())),
        Format.count(Math.round(any.nodesPerBatch())));
  }

  Map<String, Object> json() {
    List<Object> variants = new ArrayList<>();
    for (Variant variant : sorted()) {
      variants.add(json(variant.form, variant.measured));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("chosen", chosen);
    result.put("baseline", SamplerVariant.NAIVE.name());
    result.put("variants", variants);
    return result;
  }

  private Map<String, Object> json(SamplerVariant form, Measurement measured) {
    Map<String, Object> variant = new LinkedHashMap<>();
    variant.put("name", form.name());
    variant.put("map", form.idMap().label());
    variant.put("order", form.order());
    variant.put("draw", form.draw());
    variant.put("memory", form.memory().label());
    variant.put("edges_per_second", 1e9 / measured.nanosPerEdge());
    variant.put("ns_per_edge", measured.nanosPerEdge());
    variant.put("ns_per_edge_by_round", measured.nanosPerEdgeByRound());
    variant.put("speedup", speedup(measured));
    variant.put("bytes_per_batch", measured.bytesPerBatch());
    variant.put("edges_per_batch", measured.edgesPerBatch());
    variant.put("nodes_per_batch", measured.nodesPerBatch());
    variant.put("digest", Format.format("%016x", measured.digest()));
    return variant;
  }

  private List<Variant> sorted() {
    List<Variant> variants = new ArrayList<>();
    for (int i = 0; i < forms.size(); i++) {
      variants.add(new Variant(forms.get(i), measured.get(i)));
    }
    variants.sort(Comparator.comparingDouble(v -> v.measured.nanosPerEdge()));
    return variants;
  }

  private double speedup(Measurement measurement) {
    return measured.get(forms.indexOf(SamplerVariant.NAIVE)).nanosPerEdge()
        / measurement.nanosPerEdge();
  }
}
