"""What the world sees: the site, the API, names and certificates."""

from typing import Final

from trackstack_infra.components.ci_permissions.permission import TAGGED_AS_OURS, Permission

EDGE: Final = (
    Permission(
        "Site",
        "edge",
        "s3",
        "arn:aws:s3:::site-bucket-* arn:aws:s3:::site-bucket-*/*",
        reads="GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging "
        "GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock "
        "GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration "
        "GetLifecycleConfiguration GetObject GetObjectTagging GetReplicationConfiguration ListBucket",
        changes="CreateBucket DeleteBucket DeleteBucketPolicy DeleteObject DeleteObjectVersion "
        "PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging "
        "PutBucketVersioning PutEncryptionConfiguration "
        "PutLifecycleConfiguration PutObject PutObjectTagging",
        # Bucket names are the whole world's; IfExists, as a bucket to be created has no account yet.
        condition={"StringEqualsIfExists": {"aws:ResourceAccount": "{account}"}},
    ),
    Permission(
        "Distributions",
        "edge",
        "cloudfront",
        "arn:aws:cloudfront::{account}:distribution/* arn:aws:cloudfront::{account}:origin-access-control/* "
        "arn:aws:cloudfront::{account}:function/* arn:aws:cloudfront::{account}:response-headers-policy/* "
        "arn:aws:cloudfront::{account}:cache-policy/* arn:aws:cloudfront::{account}:origin-request-policy/*",
        reads="DescribeFunction GetCachePolicy GetDistribution GetDistributionConfig GetFunction "
        "GetOriginAccessControl GetOriginRequestPolicy GetResponseHeadersPolicy ListTagsForResource",
        changes="CreateInvalidation DeleteCachePolicy DeleteDistribution DeleteFunction DeleteOriginAccessControl "
        "DeleteOriginRequestPolicy DeleteResponseHeadersPolicy PublishFunction TagResource UntagResource "
        "UpdateCachePolicy UpdateDistribution UpdateFunction UpdateOriginAccessControl UpdateOriginRequestPolicy "
        "UpdateResponseHeadersPolicy",
    ),
    Permission(
        "NewDistributions",
        "edge",
        "cloudfront",
        "*",  # none before they exist
        changes="CreateCachePolicy CreateDistribution CreateFunction CreateOriginAccessControl "
        "CreateOriginRequestPolicy CreateResponseHeadersPolicy",
    ),
    Permission(
        "Api",
        "edge",
        "apigateway",
        "arn:aws:apigateway:{region}::/apis arn:aws:apigateway:{region}::/apis/* "
        "arn:aws:apigateway:{region}::/vpclinks arn:aws:apigateway:{region}::/vpclinks/* "
        "arn:aws:apigateway:{region}::/tags/*",
        reads="GET",
        changes="DELETE PATCH POST PUT",
    ),
    Permission(
        "Discovery",
        "edge",
        "servicediscovery",
        "*",  # a name space has no ARN before it exists, and tags are not looked at by ARN
        reads="ListNamespaces ListServices ListTagsForResource",
        changes="CreatePrivateDnsNamespace CreatePublicDnsNamespace TagResource UntagResource",
    ),
    Permission(
        "OwnDiscovery",
        "edge",
        "servicediscovery",
        "arn:aws:servicediscovery:{region}:{account}:namespace/* arn:aws:servicediscovery:{region}:{account}:service/*",
        reads="GetNamespace GetOperation GetService",
        changes="CreateService DeleteNamespace DeleteService UpdateService",
    ),
    Permission(
        "Zones",
        "edge",
        "route53",
        "arn:aws:route53:::hostedzone/* arn:aws:route53:::change/*",
        reads="GetChange GetHostedZone ListResourceRecordSets ListTagsForResource",
        changes="AssociateVPCWithHostedZone ChangeResourceRecordSets DeleteHostedZone",
    ),
    Permission(
        "ZoneSearch",
        "edge",
        "route53",
        "*",  # has no ARN
        reads="ListHostedZones ListHostedZonesByName",
        changes="CreateHostedZone",
    ),
    Permission(
        "Certificates",
        "edge",
        "acm",
        "arn:aws:acm:*:{account}:certificate/*",  # CloudFront's are in us-east-1
        reads="DescribeCertificate ListTagsForCertificate",
        changes="AddTagsToCertificate DeleteCertificate RemoveTagsFromCertificate",
    ),
    Permission(
        "NewCertificates",
        "edge",
        "acm",
        "*",  # none before it exists
        changes="RequestCertificate",
        condition=TAGGED_AS_OURS,
    ),
)
