"""Creates the templates of a folder as stacks of moto, in the order given, and tells what came of it.

python create_stacks.py ENDPOINT REGION FOLDER STACK...; prints one JSON object: stacks[NAME] = {status, created, unknown, byService,
refused, outputs}, and what a few of the services say of what was made. A type that moto's CloudFormation does not know is in
`unknown`; where moto has the service, the resource is made by it from the same properties, and counted in `byService`.
"""

import json
import sys
from pathlib import Path

import boto3
from botocore.config import Config

endpoint, region, folder, *names = sys.argv[1:]
# Moto's.
ACCOUNT = "123456789012"


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

# The load balancer's certificate, and the provider of tokens, which moto's CloudFormation does not make but its IAM does.
certificate = client("acm").request_certificate(DomainName="example.org")["CertificateArn"]
provider = client("iam").create_open_id_connect_provider(
    Url="https://token.actions.githubusercontent.com", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
)["OpenIDConnectProviderArn"]
PSEUDO = {"AWS::Region": region, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}


def replaced(value):
    """A template with what was made beforehand in place of what names it."""
    if isinstance(value, dict):
        if value.get("Fn::GetAtt") == ["Github", "Arn"]:
            return provider
        return {key: replaced(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner) for inner in value]
    return certificate if isinstance(value, str) and value.startswith("arn:aws:acm:") else value


def resolved(value, template, created):
    """A property as the service itself takes it."""
    if isinstance(value, list):
        return [resolved(inner, template, created) for inner in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return PSEUDO[value["Ref"]] if value["Ref"] in PSEUDO else created[value["Ref"]]
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return separator.join(resolved(part, template, created) for part in parts)
    if "Fn::GetAtt" in value:
        name, attribute = value["Fn::GetAtt"]
        kind = template["Resources"][name]["Type"]
        if kind == "AWS::IAM::Role" and attribute == "Arn":
            return f"arn:aws:iam::{ACCOUNT}:role/{created[name]}"
        if kind == "AWS::ECS::Cluster" and attribute == "Arn":
            return f"arn:aws:ecs:{region}:{ACCOUNT}:cluster/bikeshare"
        return created[name]
    return {key: resolved(inner, template, created) for key, inner in value.items()}


def only(properties, *left_out):
    return {key: value for key, value in properties.items() if key not in left_out}


def lifecycle(rule):
    days, uploads = rule.get("ExpirationInDays"), rule.get("AbortIncompleteMultipartUpload")
    return {
        "ID": rule["Id"],
        "Status": rule["Status"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
        **({"Expiration": {"Days": days}} if days else {}),
        **({"AbortIncompleteMultipartUpload": uploads} if uploads else {}),
    }


# By type, what makes a resource from its properties through the service itself, where moto's CloudFormation does not know it.
BY_SERVICE = {
    "AWS::Glue::Database": lambda p: client("glue").create_database(**p),
    "AWS::Glue::Table": lambda p: client("glue").create_table(**p),
    "AWS::CloudWatch::Alarm": lambda p: client("cloudwatch").put_metric_alarm(**p),
    "AWS::Scheduler::Schedule": lambda p: client("scheduler").create_schedule(
        **only(p, "Target"), Target=scheduled(p["Target"])
    ),
    "AWS::SNS::Subscription": lambda p: client("sns").subscribe(**p),
    "AWS::S3::BucketPolicy": lambda p: client("s3").put_bucket_policy(
        Bucket=p["Bucket"], Policy=json.dumps(p["PolicyDocument"])
    ),
}


def scheduled(target):
    """CloudFormation and the service spell one key of the network differently."""
    network = target["EcsParameters"]["NetworkConfiguration"]
    parameters = {**target["EcsParameters"], "NetworkConfiguration": {"awsvpcConfiguration": network["AwsvpcConfiguration"]}}
    return {**target, "EcsParameters": parameters}


def make(name):
    template = replaced(json.loads((Path(folder) / f"{name}.json").read_text()))
    known = {**template, "Resources": only(template["Resources"], "Github")}
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(known), Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_IAM"]
    )
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    created = {
        resource["LogicalResourceId"]: resource.get("PhysicalResourceId")
        for page in pages
        for resource in page["StackResourceSummaries"]
    }
    unknown = {}
    by_service = {}
    refused = []
    for logical, resource in template["Resources"].items():
        kind = resource["Type"]
        if kind == "AWS::S3::Bucket":
            client("s3").put_bucket_lifecycle_configuration(
                Bucket=created[logical],
                LifecycleConfiguration={
                    "Rules": [lifecycle(rule) for rule in resource["Properties"]["LifecycleConfiguration"]["Rules"]]
                },
            )
        if logical in created:
            continue
        unknown[kind] = unknown.get(kind, 0) + 1
        if kind not in BY_SERVICE:
            continue
        try:
            BY_SERVICE[kind](resolved(resource["Properties"], template, created))
            by_service[kind] = by_service.get(kind, 0) + 1
        except Exception as error:
            refused.append(f"{logical}: {type(error).__name__}: {error}")
    return {
        "status": stack["StackStatus"],
        "created": len(created),
        "unknown": unknown,
        "byService": by_service,
        "refused": refused,
        "outputs": {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
    }


stacks = {name: make(name) for name in names}


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
