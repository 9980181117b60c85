
INSTALLED_APPS += ['storages']

# S3 Bucket Configurations  

AWS_ACCESS_KEY_ID = os.environ.get('AWS_ACCESS_KEY_ID')  

AWS_SECRET_ACCESS_KEY = os.environ.get('AWS_SECRET_ACCESS_KEY')  

AWS_STORAGE_BUCKET_NAME = os.environ.get('AWS_STORAGE_BUCKET_NAME')  

AWS_S3_FILE_OVERWRITE = False  

AWS_DEFAULT_ACL = None  

STORAGES = {
    'default': {'BACKEND': 'storages.backends.s3.S3Storage'},
    'staticfiles': {'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'},
}

AWS_S3_REGION_NAME = "us-east-2"  

AWS_S3_ADDRESSING_STYLE = "virtual"
