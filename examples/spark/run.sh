#!/bin/bash
# Starts a standalone Spark with two workers on loopback, runs Build, Train, Score and Sweep on it, compares with the millrace
# command, and stops Spark. See README.md for the variables.
set -eu -o pipefail
unset CDPATH
cd "$(dirname "$0")"
millrace=${MILLRACE:-../../millrace}
maven=${MAVEN:-mvn -B -q}
work=$(mktemp -d)
pids=()
stop() {
  [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2> /dev/null || true
  wait 2> /dev/null || true
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

# The jars: Millrace's for --jars, and Spark's where there is no SPARK_HOME.
$maven package
jars=$(find target/millrace -name '*.jar' -exec readlink -f {} + | tr '\n' ',')
jars=${jars%,}
main=$(find target/millrace -name 'millrace-spark_2.13-*.jar' -exec readlink -f {} +)
if [ -z "${SPARK_HOME:-}" ]; then
  $maven -f spark.xml package
  SPARK_HOME=$PWD/target/spark
  touch "$SPARK_HOME/RELEASE" # by it a worker knows where the jars are
fi
export SPARK_HOME SPARK_SCALA_VERSION=2.13
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -version 2>&1 | grep -q '"2[5-9]' || { echo "needs a JDK 25: set JAVA_HOME" && exit 1; }

# Everything of Spark stays on this machine and is short-lived.
export SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS=$work/local SPARK_WORKER_DIR=$work/workers OMP_WAIT_POLICY=PASSIVE
opens=()
while read -r line; do
  case $line in --add-opens*) opens+=("$line") ;; esac
done < jvm.flags
spark() { # in the background: its process is then Java itself, which stop ends
  exec "$java" "${opens[@]}" -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/conf:$SPARK_HOME/jars/*" "$@"
}
spark org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0 > "$work/master.log" 2>&1 &
pids+=($!)
master=
for _ in $(seq 120); do
  master=$(grep -o 'spark://127.0.0.1:[0-9]*' "$work/master.log" | head -n 1) && break
  sleep 1
done
[ -n "$master" ] || { echo "the master did not start:" && cat "$work/master.log" && exit 1; }
for worker in 1 2; do
  spark org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 2g --webui-port 0 "$master" > "$work/worker-$worker.log" 2>&1 &
  pids+=($!)
done
submit() {
  local class=$1
  shift
  timeout 1200 "$java" "${opens[@]}" -Xmx1g -XX:+UseSerialGC -cp "$SPARK_HOME/conf:$SPARK_HOME/jars/*" org.apache.spark.deploy.SparkSubmit \
    --master "$master" --class "io.millrace.spark.$class" --jars "$jars" \
    --conf spark.ui.enabled=false --conf spark.executor.memory=1g --conf spark.executor.cores=1 \
    --conf spark.scheduler.minRegisteredResourcesRatio=1 --conf spark.scheduler.barrier.maxConcurrentTasksCheck.interval=2s \
    --conf "spark.executor.extraJavaOptions=--enable-native-access=ALL-UNNAMED" \
    --conf spark.sql.shuffle.partitions=4 "$main" "$@" 2> "$work/$class.log" \
    || { tail -n 20 "$work/$class.log" "$work"/worker-*.log "$work"/workers/*/*/stderr && exit 1; }
}

# Two tables: three communities, with a feature that tells a little.
awk -v OFS=, 'BEGIN { srand(7); print "id,f0,f1,f2,label,split"
  for (v = 0; v < 900; v++) { c = v % 3
    print "n" v, (c == 0) + rand(), (c == 1) + rand(), (c == 2) + rand(), "class" c, v % 5 == 0 ? "valid" : v % 5 == 1 ? "test" : "train" } }' > "$work/nodes.csv"
awk -v OFS=, 'BEGIN { srand(8); print "src,dst"
  for (e = 0; e < 6000; e++) { v = int(900 * rand()); w = rand() < .8 ? v % 3 + 3 * int(300 * rand()) : int(900 * rand()); print "n" v, "n" w } }' > "$work/edges.csv"

columns=(--id-column id --label-column label --split-column split --undirected)
training=(--ranks 2 --virtual-nodes 2 --model sage --hidden 16 --fanout 5,5 --batch-size 100 --epochs 3 --compute-threads 1)

mkdir "$work/spark" "$work/command"
echo "== Build"
submit Build "$work/edges.csv" --nodes "$work/nodes.csv" --feature-columns f0,f1,f2 "${columns[@]}" --out "$work/spark/graph"
"$millrace" import edges "$work/edges.csv" --nodes "$work/nodes.csv" --feature-columns 'f0,f1,f2' "${columns[@]}" --name graph --out "$work/command/graph" --quiet
for file in $(cd "$work/command/graph" && find . -name '*.npy'); do
  cmp "$work/command/graph/$file" "$work/spark/graph/$file"
done

echo "== Train"
submit Train "$work/spark/graph" "${training[@]}" --save "$work/spark/model"
"$millrace" train "$work/command/graph" "${training[@]}" --device cpu --save "$work/command/model" --quiet
cmp "$work/command/model/model.safetensors" "$work/spark/model/model.safetensors"

echo "== Score"
submit Score "$work/spark/graph" --model "$work/spark/model" --compute-threads 1 --out "$work/spark/scores"
"$millrace" infer "$work/command/graph" --model "$work/command/model" --compute-threads 1 --scores --device cpu --out "$work/command/scores" --quiet
for file in predictions.npy scores.npy; do
  cmp "$work/command/scores/$file" "$work/spark/scores/$file"
done

echo "== Sweep"
printf '%s\n' 'lr: [0.001, 0.01, 0.1]' 'hidden: 16' 'fanout: [[5, 5]]' 'batch-size: 100' > "$work/space.yaml"
sweep=(--space "$work/space.yaml" --trials 3 --max-epochs 3)
submit Sweep "$work/spark/graph" "${sweep[@]}" --ranks 2 --out "$work/spark/sweep"
"$millrace" sweep "$work/spark/graph" "${sweep[@]}" --virtual-nodes 2 --device cpu --out "$work/command/sweep" --quiet
decisions() { sed 's/,"seconds":[^,}]*//' "$work/$1/sweep/trials.jsonl"; }
cmp <(decisions command) <(decisions spark)
cmp "$work/command/sweep/model.safetensors" "$work/spark/sweep/model.safetensors"
echo "Spark and the command agree: dataset, weights, predictions and sweep are the same bytes"
