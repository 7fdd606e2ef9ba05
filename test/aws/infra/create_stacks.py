"""Creates the templates of a folder as stacks of moto, in the order given, and tells what came of each resource.

python create_stacks.py ENDPOINT REGION FOLDER STACK…; prints one JSON object: stacks[NAME] = {status, reason, created: {logical
id: physical id}}, and what a few of the services say of what was made.
"""

import json
import sys
from pathlib import Path

import boto3
from botocore.config import Config

endpoint, region, folder, *names = sys.argv[1:]


def client(service):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 1}, read_timeout=300),
    )


cloudformation = client("cloudformation")
# What `cdk bootstrap` leaves in an account; every template asks for it.
client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String", Overwrite=True)

stacks = {}
for name in names:
    template = (Path(folder) / f"{name}.json").read_text()
    try:
        cloudformation.create_stack(
            StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_IAM"]
        )
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
        created = {
            resource["LogicalResourceId"]: resource.get("PhysicalResourceId")
            for page in pages
            for resource in page["StackResourceSummaries"]
        }
        stacks[name] = {
            "status": stack["StackStatus"],
            "reason": stack.get("StackStatusReason"),
            "created": created,
            "outputs": {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
        }
    except Exception as error:  # Told to the test, which says what it makes of it.
        stacks[name] = {"status": "FAILED", "reason": f"{type(error).__name__}: {error}", "created": {}, "outputs": {}}


def asked(ask):
    try:
        return ask()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


bucket = stacks.get("bikeshare-lake", {}).get("outputs", {}).get("Bucket", "")
s3 = client("s3")
glue = client("glue")
cloudwatch = client("cloudwatch")
sees = {
    "bucket": bucket,
    "encryption": asked(lambda: s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]),
    "lifecycle": asked(lambda: s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]),
    "public": asked(lambda: s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]),
    "tables": asked(
        lambda: {
            database["Name"]: [
                {
                    "name": table["Name"],
                    "type": table.get("TableType"),
                    "location": table["StorageDescriptor"].get("Location"),
                    "partitions": [key["Name"] for key in table.get("PartitionKeys", [])],
                    "projection": table.get("Parameters", {}).get("projection.enabled"),
                }
                for page in glue.get_paginator("get_tables").paginate(DatabaseName=database["Name"])
                for table in page["TableList"]
            ]
            for database in glue.get_databases()["DatabaseList"]
        }
    ),
    "schedules": asked(
        lambda: [
            {"name": one["Name"], **{key: client("scheduler").get_schedule(Name=one["Name"])[key] for key in ("ScheduleExpression", "State")}}
            for one in client("scheduler").list_schedules()["Schedules"]
        ]
    ),
    "topics": asked(lambda: [topic["TopicArn"] for topic in client("sns").list_topics()["Topics"]]),
    "alarms": asked(
        lambda: [
            alarm["AlarmName"]
            for page in cloudwatch.get_paginator("describe_alarms").paginate()
            for alarm in page["MetricAlarms"]
        ]
    ),
    "roles": asked(
        lambda: [role["RoleName"] for page in client("iam").get_paginator("list_roles").paginate() for role in page["Roles"]]
    ),
}
print(json.dumps({"stacks": stacks, **sees}, default=str))
