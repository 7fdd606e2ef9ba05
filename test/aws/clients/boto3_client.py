"""A whole small life of an endpoint and an alarm, by boto3. Takes the settings as JSON, prints what it was answered as JSON."""

import datetime
import json
import sys

import boto3
from botocore.exceptions import ClientError

given = json.loads(sys.argv[1])
sagemaker = boto3.client("sagemaker", endpoint_url=given["sagemaker"])
runtime = boto3.client("sagemaker-runtime", endpoint_url=given["sagemaker"])
cloudwatch = boto3.client("cloudwatch", endpoint_url=given["cloudwatch"])
said = {}

for name in ("a", "b"):
    sagemaker.create_model(
        ModelName=f"py-{name}",
        ExecutionRoleArn=given["role"],
        PrimaryContainer={"Image": given["image"], "ModelDataUrl": given["archive"]},
    )
sagemaker.create_endpoint_config(
    EndpointConfigName="py",
    ProductionVariants=[
        {
            "VariantName": name,
            "ModelName": f"py-{name}",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": weight,
        }
        for name, weight in (("a", 1.0), ("b", 0.0))
    ],
)
sagemaker.create_endpoint(EndpointName="py", EndpointConfigName="py")
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="py", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
described = sagemaker.describe_endpoint(EndpointName="py")
said["status"] = described["EndpointStatus"]
said["weights"] = {v["VariantName"]: v["CurrentWeight"] for v in described["ProductionVariants"]}
said["listed"] = [
    endpoint["EndpointName"]
    for page in sagemaker.get_paginator("list_endpoints").paginate()
    for endpoint in page["Endpoints"]
]

ask = {"EndpointName": "py", "ContentType": "text/csv", "Body": given["row"]}
answer = runtime.invoke_endpoint(**ask)
said["score"] = answer["Body"].read().decode()
said["variant"] = answer["InvokedProductionVariant"]
said["named"] = runtime.invoke_endpoint(**ask, TargetVariant="b")["InvokedProductionVariant"]
try:
    runtime.invoke_endpoint(**{**ask, "Body": "1,2"})
except ClientError as error:
    said["refused"] = [error.response["Error"]["Code"], error.response["OriginalStatusCode"]]
try:
    sagemaker.describe_endpoint(EndpointName="none")
except ClientError as error:
    said["missing"] = error.response["Error"]["Code"]

now = datetime.datetime.fromtimestamp(given["now"], datetime.timezone.utc)
dimensions = [{"Name": "EndpointName", "Value": "py"}]
cloudwatch.put_metric_data(
    Namespace="Bikeshare/Model",
    MetricData=[
        {"MetricName": "PSI", "Dimensions": dimensions, "Timestamp": now, "Values": [0.1, 0.3], "Counts": [3, 1]}
    ]
    # Enough for the request to be compressed.
    + [{"MetricName": f"Other-{i}", "Dimensions": dimensions, "Timestamp": now, "Value": i} for i in range(200)],
)
metric = {"Namespace": "Bikeshare/Model", "MetricName": "PSI", "Dimensions": dimensions}
results = cloudwatch.get_metric_data(
    MetricDataQueries=[
        {"Id": "m", "MetricStat": {"Metric": metric, "Period": 300, "Stat": "p90"}, "ReturnData": False},
        {"Id": "e", "Expression": "m * 100", "Label": "percent"},
    ],
    StartTime=now - datetime.timedelta(hours=1),
    EndTime=now + datetime.timedelta(hours=1),
)["MetricDataResults"]
said["series"] = [
    [result["Id"], result["Label"], [t.timestamp() for t in result["Timestamps"]], result["Values"]]
    for result in results
]
said["metrics"] = len(
    [m for page in cloudwatch.get_paginator("list_metrics").paginate() for m in page["Metrics"]]
)
cloudwatch.put_metric_alarm(
    AlarmName="py-drift",
    Namespace="Bikeshare/Model",
    MetricName="PSI",
    Dimensions=dimensions,
    ExtendedStatistic="p90",
    Period=300,
    EvaluationPeriods=1,
    Threshold=0.2,
    ComparisonOperator="GreaterThanThreshold",
)
cloudwatch.set_alarm_state(AlarmName="py-drift", StateValue="ALARM", StateReason="a trial")
alarm = cloudwatch.describe_alarms(AlarmNames=["py-drift"])["MetricAlarms"][0]
said["alarm"] = [alarm["AlarmName"], alarm["StateValue"], alarm["StateReason"], alarm["Threshold"]]
history = cloudwatch.describe_alarm_history(AlarmName="py-drift", HistoryItemType="StateUpdate")
said["history"] = [item["HistorySummary"] for item in history["AlarmHistoryItems"]]
try:
    cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="")
except ClientError as error:
    said["noAlarm"] = error.response["Error"]["Code"]
try:
    cloudwatch.put_metric_data(Namespace=":", MetricData=[{"MetricName": "x", "Value": 1}])
except ClientError as error:
    said["badNamespace"] = error.response["Error"]["Code"]
print(json.dumps(said))
