"""Millrace for PySpark, with the jars of millrace-spark on the class path of driver and executors:

    from millrace_spark import MillraceClassifier, write_graph
    write_graph(nodes, edges, "/shared/graph", undirected=True)
    model = MillraceClassifier(dataset="/shared/graph", fanout="15,10", numWorkers=4).fit(nodes)
    scored = model.transform(nodes)

The parameters are those of the JVM's classes: explainParams() prints them.
"""
import sys

from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaParams

# PySpark finds the class of a stage that it loads by the name of the JVM's class.
_JVM_PACKAGE = "io.millrace.spark"
sys.modules[_JVM_PACKAGE] = sys.modules[__name__]


def write_graph(nodes, edges, directory, undirected=False):
    """Writes a dataset directory; nodes may be None. Returns the numbers of nodes and of edges."""
    tables = edges.sparkSession._jvm.io.millrace.spark.GraphTables
    made = tables.write(None if nodes is None else nodes._jdf, edges._jdf, directory, undirected)
    return made.numNodes(), made.numEdges()


class _Settable(JavaParams):
    def setParams(self, **params):
        """Sets parameters by their names; a fanout may be a list."""
        for name, value in params.items():
            text = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            self.set(self.getParam(name), text)
        return self


class MillraceClassifier(_Settable, JavaEstimator, JavaMLReadable, JavaMLWritable):
    """Trains a graph neural network on the executors."""

    __module__ = _JVM_PACKAGE

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj(_JVM_PACKAGE + ".MillraceClassifier", self.uid)
        self._create_params_from_java()
        self._transfer_params_from_java()
        self.setParams(**params)

    def _create_model(self, java_model):
        return MillraceModel(java_model)


class MillraceModel(_Settable, JavaModel, JavaMLReadable, JavaMLWritable):
    """A trained network and the graph it predicts for."""

    __module__ = _JVM_PACKAGE

    @property
    def summary(self):
        """The training in a line; empty for a model that was loaded."""
        return self._call_java("summary")

    @property
    def numEpochs(self):
        return self._call_java("numEpochs")

    @property
    def validMetric(self):
        return self._call_java("validMetric")

    @property
    def testMetric(self):
        return self._call_java("testMetric")

    def file(self):
        """The bytes of model.safetensors."""
        return bytes(self._call_java("file"))
