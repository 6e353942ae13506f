package io.millrace.cli.train;

import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.tuning.CacheSize;
import io.millrace.tuning.Choice;
import io.millrace.tuning.EvaluationCache;
import io.millrace.tuning.Storage;
import io.millrace.tuning.TuneResult;
import io.millrace.tuning.model.Costs;
import io.millrace.tuning.model.Limit;
import io.millrace.tuning.model.Optimum;
import io.millrace.tuning.model.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What {@code tune} prints, and the parts of its JSON. */
final class TuneText {
  private TuneText() {}

  static void print(String dataset, TuneResult result, Output output) {
    Costs costs = result.costs();
    Optimum optimum = result.model().program().solve();
    output.result("%s, in milliseconds per batch:", dataset);
    output.result(
        "prepare    CPU %.1f, alone %.1f", 1e3 * costs.prepareCpu(), 1e3 * costs.prepareAlone());
    new TreeMap<>(costs.compute())
        .forEach(
            (threads, cost) ->
                output.result(
                    "compute    %d threads: alone %.1f (%.1f/s), with busy workers %.1f, CPU %.1f",
                    threads,
                    1e3 * cost.alone(),
                    1 / cost.alone(),
                    1e3 * cost.busy(),
                    1e3 * cost.cpu()));
    output.result(
        "linear program: at most %.1f batches/s (%s); one more core: +%.1f",
        optimum.batchesPerSecond(), binding(optimum), result.model().gainOfCores(1));
    output.result("");
    output.result("predicted  measured  batches/s");
    result
        .measured()
        .forEach(
            (choice, rate) ->
                output.result(
                    "%9.1f %9.1f  %s%s",
                    result.predicted().get(choice), rate, choice, remark(choice, result)));
    if (result.cache().rows() > 0) {
      output.result(
          "%s rows in the feature cache are predicted to give %s of the rows of a batch",
          Format.count(result.cache().rows()), Format.percent(result.cache().hitShare()));
    }
    if (result.evaluation().bytes() > 0) {
      output.result(
          "%s for the validation batches save %s of the CPU time of an evaluation",
          Format.bytes(result.evaluation().bytes()), Format.percent(result.evaluation().saved()));
    }
    output.result("");
    if (result.isGain()) {
      output.result(
          "chosen: %s: %.2fx the default, %.2fx the bad one",
          result.chosen(),
          result.measuredRate() / result.standardRate(),
          result.measuredRate() / result.badRate());
    } else {
      output.result(
          "nothing to gain: the default is within 2 %% of the best, and %.2fx the bad one",
          result.standardRate() / result.badRate());
    }
  }

  private static String binding(Optimum optimum) {
    String names =
        optimum.limits().stream()
            .filter(Limit::binds)
            .map(Limit::resource)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "nothing binds" : names + " limit it";
  }

  private static String remark(Choice choice, TuneResult result) {
    List<String> remarks = new ArrayList<>();
    if (choice.equals(result.chosen())) {
      remarks.add("chosen");
    }
    if (choice.equals(result.standard())) {
      remarks.add("default");
    }
    if (choice.equals(result.bad())) {
      remarks.add("bad on purpose");
    }
    return remarks.isEmpty() ? "" : Format.format(" (%s)", String.join(", ", remarks));
  }

  static Map<String, Object> json(CacheSize cache) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bytes", cache.bytes());
    json.put("rows", cache.rows());
    json.put("predicted_hit_share", cache.hitShare());
    return json;
  }

  static Map<String, Object> json(EvaluationCache cache) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bytes", cache.bytes());
    json.put("saved_cpu_share", cache.saved());
    return json;
  }

  static Map<String, Object> json(Choice choice) {
    Setting setting = choice.setting();
    Storage storage = choice.storage();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("workers", setting.workers());
    json.put("compute_threads", setting.computeThreads());
    json.put("slots", setting.slots());
    json.put("residence", EnumOptions.label(storage.residence()));
    json.put("id_map", EnumOptions.label(storage.idMap()));
    json.put("feature_type", storage.featureType().map(EnumOptions::label).orElse(null));
    json.put("feature_cache", storage.cacheBytes());
    return json;
  }

  /** The dual price of cores is what one more buys; other resources have none here. */
  static Map<String, Object> program(TuneResult result) {
    Optimum optimum = result.model().program().solve();
    List<Object> limits = new ArrayList<>();
    for (Limit limit : optimum.limits()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("resource", limit.resource());
      json.put("slack", limit.slack());
      json.put("dual", limit.resource().equals("cores") ? result.model().gainOfCores(1) : null);
      limits.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("x", optimum.batchesPerSecond());
    json.put("limits", limits);
    return json;
  }

  static List<Object> candidates(TuneResult result) {
    List<Object> candidates = new ArrayList<>();
    result
        .measured()
        .forEach(
            (choice, rate) -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("setting", json(choice));
              json.put("predicted", result.predicted().get(choice));
              json.put("measured", rate);
              candidates.add(json);
            });
    return candidates;
  }
}
