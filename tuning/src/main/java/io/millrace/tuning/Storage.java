package io.millrace.tuning;

import io.millrace.datasets.FeatureType;
import io.millrace.datasets.StorageMode;
import io.millrace.sampler.IdMapKind;
import io.millrace.transfer.PipelineSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a training has its data, and in which form; no batch depends on it. Immutable.
 *
 * @param residence of graph and features
 * @param idMap of the samplers
 * @param featureType of the features in a batch; empty for the device's default
 * @param cacheBytes of the feature cache; 0 for none
 */
public record Storage(
    StorageMode residence, IdMapKind idMap, Optional<FeatureType> featureType, long cacheBytes) {
  /** What a training has that is given no options. */
  public static final Storage DEFAULT =
      new Storage(StorageMode.AUTO, IdMapKind.AUTO, Optional.empty(), 0);

  Storage residence(StorageMode value) {
    return new Storage(value, idMap, featureType, cacheBytes);
  }

  Storage idMap(IdMapKind value) {
    return new Storage(residence, value, featureType, cacheBytes);
  }

  Storage featureType(FeatureType value) {
    return new Storage(residence, idMap, Optional.of(value), cacheBytes);
  }

  Storage cacheBytes(long value) {
    return new Storage(residence, idMap, featureType, value);
  }

  /**
   * The settings of a pipeline that follow from it.
   *
   * @param untuned the others
   */
  PipelineSettings pipeline(PipelineSettings untuned) {
    PipelineSettings settings = untuned.idMap(idMap);
    return featureType.map(settings::featureType).orElse(settings);
  }

  /** What differs from the default, as a clause; empty if nothing does. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (residence != DEFAULT.residence) {
      parts.add(words(residence));
    }
    if (idMap != DEFAULT.idMap) {
      parts.add(words(idMap) + " id map");
    }
    featureType.ifPresent(it -> parts.add(words(it) + " features"));
    if (cacheBytes > 0) {
      parts.add(String.format(Locale.ROOT, "feature cache of %.1f MB", cacheBytes / 1e6));
    }
    return String.join(", ", parts);
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
