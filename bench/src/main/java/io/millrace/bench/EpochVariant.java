package io.millrace.bench;

import io.millrace.training.TrainerBuilder;

/** An epoch's ways, each with one change more than the one before. */
enum EpochVariant {
  /** One slot: a batch is prepared when the model is done with the one before. */
  SERIAL("serial"),
  /** As many workers as asked for, with a slot each. */
  WORKERS("+workers"),
  /** Slots that are page-locked: of account for copies to a GPU only. */
  PINNED("+pinned"),
  /** More slots than workers: the next batches are prepared while the model computes. */
  OVERLAP("+overlap");

  private final String label;

  EpochVariant(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  void configure(TrainerBuilder builder, int numWorkers) {
    switch (this) {
      case SERIAL -> builder.workers(1).slots(1);
      case WORKERS -> builder.workers(numWorkers).slots(numWorkers);
      case OVERLAP -> builder.workers(numWorkers); // the default is two slots more
      case PINNED -> throw new IllegalStateException("nothing is copied on the CPU");
    }
  }
}
