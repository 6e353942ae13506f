package io.millrace.serving.models;

/** Reads rows of answers. Stateless. */
public final class AnswerRows {
  private AnswerRows() {}

  /** The most probable class; ties go to the first. */
  public static int best(float[] row, int numClasses) {
    int best = 0;
    for (int c = 1; c < numClasses; c++) {
      best = row[c] > row[best] ? c : best;
    }
    return best;
  }
}
