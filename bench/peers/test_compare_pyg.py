"""Tests of compare_pyg.py as far as they need neither torch nor PyG: python3 -m unittest."""

import contextlib
import io
import os
import tempfile
import unittest
from unittest import mock

import numpy as np

import compare_pyg


class DatasetTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.save("indptr", np.array([0, 2, 2, 3], np.int64))
        self.save("indices", np.array([1, 2, 0], np.int32))

    def save(self, name, values):
        np.save(os.path.join(self.folder, name + ".npy"), values)

    def test_row_holds_the_sources_of_a_nodes_in_edges(self):
        graph = compare_pyg.Graph(self.folder)
        self.assertEqual([[1, 2, 0], [0, 0, 2]], graph.edge_index().tolist())
        self.assertEqual((3, 3), (graph.num_nodes, graph.num_edges))

    def test_seeds_have_neighbours_and_follow_from_the_seed(self):
        graph = compare_pyg.Graph(self.folder)
        self.assertEqual({0, 2}, set(graph.seeds(100, 1).tolist()))
        self.assertEqual(graph.seeds(100, 1).tolist(), graph.seeds(100, 1).tolist())
        self.assertNotEqual(graph.seeds(100, 1).tolist(), graph.seeds(100, 2).tolist())

    def test_seeds_are_of_the_train_split_if_there_is_one(self):
        os.mkdir(os.path.join(self.folder, "split"))
        self.save("split/train", np.array([1, 2], np.int32))
        self.assertEqual({2}, set(compare_pyg.Graph(self.folder).seeds(100, 1).tolist()))

    def test_damaged_datasets_are_refused(self):
        self.save("indices", np.array([1, 2, 0], np.int64))
        with self.assertRaisesRegex(compare_pyg.BadInput, "int32 indices"):
            compare_pyg.Graph(self.folder)
        self.save("indices", np.array([1, 2], np.int32))
        with self.assertRaisesRegex(compare_pyg.BadInput, "number of edges"):
            compare_pyg.Graph(self.folder)
        os.remove(os.path.join(self.folder, "indices.npy"))
        with self.assertRaisesRegex(compare_pyg.BadInput, "not a millrace dataset"):
            compare_pyg.Graph(self.folder)

    def test_rates_are_medians_of_what_follows_the_first_batch(self):
        args = compare_pyg.arguments([self.folder, "--batches", "3", "--rounds", "3"])
        clock = iter([0, 1, 0, 4, 0, 1, 0, 2])  # begin and end of the warm-up and of three rounds
        with (
            mock.patch.dict(
                compare_pyg.BATCHES,
                pyg=lambda *_: lambda _: iter([(7, 70), (10, 100), (20, 300)]),
            ),
            mock.patch("time.perf_counter", lambda: next(clock)),
        ):
            result = compare_pyg.measure(compare_pyg.Graph(self.folder), args, "pyg")
        self.assertEqual(200, result["edges_per_second"])
        self.assertEqual(1, result["batches_per_second"])
        self.assertEqual((200, 15), (result["edges_per_batch"], result["nodes_per_batch"]))


class MainTest(unittest.TestCase):
    def test_names_the_packages_that_are_missing(self):
        err = io.StringIO()
        with (
            mock.patch("importlib.util.find_spec", lambda name: None if "torch" in name else name),
            contextlib.redirect_stderr(err),
        ):
            self.assertEqual(2, compare_pyg.main(["nowhere"]))
        self.assertIn("missing=torch, torch_geometric", err.getvalue())
        self.assertEqual(1, len(err.getvalue().splitlines()))


if __name__ == "__main__":
    unittest.main()
