// S3Service
