/**
 * What a model learns to predict: classes, labels or targets of nodes, links, or links by time.
 * Begin with {@link io.millrace.training.task.Task}; a training and its evaluation know a task by
 * that interface, and a new one is added here.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Evaluations and predictions are epochs with a negative number</b>, one for each split
 *       and one for predictions. So their neighbourhoods are the same each time, and no batch of
 *       training has them.
 *   <li><b>Regression is node classification with other answers.</b> Targets take the place of the
 *       labels in the dataset, and {@link io.millrace.training.task.Objective} chooses loss and
 *       metric by them; seeds and batches are the same.
 * </ul>
 */
package io.millrace.training.task;
